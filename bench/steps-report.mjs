/** Tables and lists of what `run.mjs` has measured. */
import { reportPreparing } from './preparing.mjs';
import { table, writeReport } from './report.mjs';

const COLUMNS = ['native', 'native, default form', 'wasm', 'matrix products', 'PyTorch', 'natural tfjs', 'WebPPL'];

/** What is compared with what. */
export const RATIOS = [
  ['native', 'PyTorch'],
  ['native, default form', 'PyTorch'],
  ['native', 'matrix products'],
  ['wasm', 'PyTorch'],
  ['natural tfjs', 'wasm'],
  ['WebPPL', 'native'],
];

/** Clocks that differ by more than this say that the machine was too busy for a figure. */
const AGREE_WITHIN = 0.1;

const both = ({ processor, elapsed }, digits = 2) => `${processor.toFixed(digits)} (${elapsed.toFixed(digits)})`;

/** `measured`: as in `bench/results.json`. */
export function reportSteps(measured) {
  const { results, versions, turns, stepsPerTurn, native, summary, preparing } = measured;
  const columns = COLUMNS.filter((name) => results.some(({ milliseconds }) => name in milliseconds));
  const names = RATIOS.map((pair) => pair.join(' / ')).filter((name) => results.some(({ ratios }) => name in ratios));
  const cells = (given, chosen) => chosen.map((name) => (name in given ? both(given[name]) : ''));
  const others = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const webppl = 'WebPPL' in versions ? ` (WebPPL: ${turns * 2})` : '';
  const caption =
    `Milliseconds on the processor, in parentheses as they passed; medians of ${turns * stepsPerTurn} steps of each${webppl}, in turn, ` +
    `one thread each; ${summary}; ${[native, ...others].join('; ')}.`;
  const steps = results.map(({ model, batch, milliseconds }) => [model, batch, ...cells(milliseconds, columns)]);
  const ratios = results.map(({ model, batch, ratios: own }) => [model, batch, ...cells(own, names)]);
  writeReport(
    'bench',
    [
      caption,
      table(['model', 'batch', ...columns], steps),
      'How many times as long, by the processor’s clock and in parentheses by the wall’s; medians over rounds that follow one another:',
      table(['model', 'batch', ...names], ratios),
      list(results),
    ].join('\n\n'),
  );
  writeReport('rows', reportPreparing(preparing, summary));
}

/** What the tables come to, in words that are right whatever they are. */
function list(results) {
  const all = results.flatMap(({ model, batch, ratios }) =>
    Object.entries(ratios).map(([name, ratio]) => ({ model, batch, name, ...ratio })),
  );
  const range = (name, isChosen = () => true) => {
    const own = all.filter((ratio) => ratio.name === name && isChosen(ratio)).map(({ processor }) => processor);
    return own.length === 0 ? undefined : [Math.min(...own), Math.max(...own)].map((value) => value.toFixed(2));
  };
  const said = (name, words) => {
    const found = range(name);
    return found === undefined ? [] : [`- ${words}: ${found[0]} to ${found[1]} times as long.`];
  };
  const apart = all.filter(({ processor, elapsed }) => Math.abs(elapsed / processor - 1) > AGREE_WITHIN);
  const shares = results.map(({ preparing }) => preparing.share * 100);
  return [
    ...said('native / PyTorch', 'The native engine beside PyTorch'),
    ...said('native / matrix products', 'A whole step of the native engine beside its matrix products alone'),
    ...said('natural tfjs / wasm', 'What one would write with TensorFlow.js beside the wasm engine'),
    ...said('WebPPL / native', 'WebPPL beside the native engine'),
    `- Before a native step can begin, its rows and its noise take ${Math.min(...shares).toFixed(1)} to ${Math.max(...shares).toFixed(1)} % of its time (rows in memory, checked in every batch).`,
    apart.length === 0
      ? `- The two clocks agree within ${100 * AGREE_WITHIN} % on every ratio.`
      : `- The two clocks differ by more than ${100 * AGREE_WITHIN} % on ${apart.map(({ name, model, batch }) => `${name} (${model}, ${batch})`).join(', ')}: other processes came between there.`,
  ].join('\n');
}
