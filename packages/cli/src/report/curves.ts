/** Curves over the steps of a run, as an SVG picture without anything from outside. */

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [step: number, value: number])[];
}

export interface ChartOptions {
  readonly title: string;
  /** A logarithmic axis, for values above 0. */
  readonly isLogarithmic?: boolean;
}

const [WIDTH, HEIGHT] = [640, 280];
const MARGIN = { left: 64, right: 16, top: 28, bottom: 28 };
/** Told apart also without colours: the legend is in the order of the last values. */
const COLORS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#8c564b', '#17becf', '#7f7f7f'];

/** An empty text where there is nothing to draw. */
export function drawChart(curves: readonly Curve[], { title, isLogarithmic = false }: ChartOptions): string {
  const drawable = curves
    .map(({ name, points }) => ({
      name,
      points: points.filter(([, value]) => Number.isFinite(value) && (!isLogarithmic || value > 0)),
    }))
    .filter(({ points }) => points.length > 0);
  const all = drawable.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const scale = (value: number): number => (isLogarithmic ? Math.log10(value) : value);
  const [fromStep, toStep] = extent(all.map(([step]) => step));
  const [low, high] = extent(all.map(([, value]) => scale(value)));
  const x = (step: number): number =>
    MARGIN.left +
    ((WIDTH - MARGIN.left - MARGIN.right) * (step - fromStep)) / (toStep === fromStep ? 1 : toStep - fromStep);
  const y = (value: number): number =>
    HEIGHT -
    MARGIN.bottom -
    ((HEIGHT - MARGIN.top - MARGIN.bottom) * (scale(value) - low)) / (high === low ? 1 : high - low);
  const ticks = (isLogarithmic ? powersBetween(low, high) : roundNumbers(low, high)).map((value) => {
    const at = y(value).toFixed(1);
    return (
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" class="grid"/>` +
      `<text x="${MARGIN.left - 6}" y="${at}" dy="4" text-anchor="end">${formatTick(value)}</text>`
    );
  });
  const steps = roundNumbers(fromStep, toStep).map(
    (step) =>
      `<text x="${x(step).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 16}" text-anchor="middle">${step.toLocaleString('en')}</text>`,
  );
  const lines = drawable.map(({ points }, index) => {
    const path = points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const color = colorOf(index);
    const [only] = points;
    return points.length === 1 && only !== undefined
      ? `<circle cx="${x(only[0]).toFixed(1)}" cy="${y(only[1]).toFixed(1)}" r="3" fill="${color}"/>`
      : `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="1.5"/>`;
  });
  const legend = drawable
    .map(({ name }, index) => ({ name, color: colorOf(index), last: drawable[index]?.points.at(-1)?.[1] ?? 0 }))
    .sort((a, b) => b.last - a.last)
    .map(
      ({ name, color, last }) =>
        `<li><span style="color:${color}">━</span> ${escapeText(name)}: ${formatTick(last)}</li>`,
    );
  return (
    `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}">` +
    `<text x="${MARGIN.left}" y="16" class="title">${escapeText(title)}</text>` +
    [...ticks, ...steps, ...lines].join('') +
    `</svg><ul class="legend">${legend.join('')}</ul></figure>`
  );
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length] ?? '#000';
}

function extent(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

/** About five round numbers in the interval. */
function roundNumbers(low: number, high: number): readonly number[] {
  const rough = (high - low) / 5;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const numbers: number[] = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) numbers.push(value);
  return numbers;
}

function powersBetween(low: number, high: number): readonly number[] {
  const powers: number[] = [];
  for (let power = Math.ceil(low); power <= high; power += 1) powers.push(10 ** power);
  return powers.length > 0 ? powers : [10 ** low];
}

function formatTick(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}
