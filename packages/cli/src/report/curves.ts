/** Curves over the steps of a run, as an SVG picture without anything from outside. */

export interface Curve {
  readonly name: string;
  /** Step, or seconds, and value. */
  readonly points: readonly (readonly [x: number, value: number])[];
}

export interface ChartOptions {
  readonly title: string;
  /** What the horizontal axis is; steps by default. */
  readonly axis?: string;
  /** A logarithmic axis, for values above 0. */
  readonly isLogarithmic?: boolean;
}

const [WIDTH, HEIGHT] = [640, 300];
const MARGIN = { left: 64, right: 16, top: 28, bottom: 44 };
const [INNER_WIDTH, INNER_HEIGHT] = [WIDTH - MARGIN.left - MARGIN.right, HEIGHT - MARGIN.top - MARGIN.bottom];
/** Told apart also without colours: the legend is in the order of the last values. */
const COLORS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#8c564b', '#17becf', '#7f7f7f'];
/** More curves than colours are told apart by their dashes. */
const DASHES = ['', '6 3', '2 2', '8 2 2 2'];

/** What a curve makes in its first steps is cut off where all else would look flat: this share of them, where it makes the axis so many times as long. */
const FIRST = 0.05;
const TIMES = 2.5;

/** A curve of so many points is drawn as running means, over windows of this share of the points, with the points themselves in a pale tone. */
const MANY = 100;
const WINDOW = 0.03;

export const CURVES_NOTE =
  'Curves of many points are running means, over 3 % of them, with the points of metrics.csv in a pale tone behind; legends have their last values.';

/** An empty text where there is nothing to draw. A curve's colour follows from its place among them, drawn or not. */
export function drawChart(
  curves: readonly Curve[],
  { title, axis = 'step', isLogarithmic = false }: ChartOptions,
): string {
  const scale = (value: number): number => (isLogarithmic ? Math.log10(value) : value);
  const drawable = curves
    .map(({ name, points }, index) => ({
      name,
      stroke: strokeOf(index),
      color: colorOf(index),
      points: points.filter(([, value]) => Number.isFinite(value) && (!isLogarithmic || value > 0)),
    }))
    .filter(({ points }) => points.length > 0)
    .map((curve) => ({ ...curve, means: runningMeans(curve.points, isLogarithmic) }));
  const all = drawable.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const [fromX, toX] = extent(all.map(([x]) => x));
  const whole = extent(all.map(([, value]) => scale(value)));
  const [low, high] = withoutFirst(whole, all, fromX + FIRST * (toX - fromX), scale);
  const isCut = low > whole[0] || high < whole[1];
  const x = (value: number): number =>
    MARGIN.left + (INNER_WIDTH * (value - fromX)) / (toX === fromX ? 1 : toX - fromX);
  const y = (value: number): number =>
    MARGIN.top + INNER_HEIGHT - (INNER_HEIGHT * (scale(value) - low)) / (high === low ? 1 : high - low);
  const ticks = (isLogarithmic ? logarithmicNumbers(low, high) : roundNumbers(low, high)).map((value) => {
    const at = y(value).toFixed(1);
    return (
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" class="grid"/>` +
      `<text x="${MARGIN.left - 6}" y="${at}" dy="4" text-anchor="end">${formatTick(value)}</text>`
    );
  });
  const places = roundNumbers(fromX, toX).map(
    (place) =>
      `<text x="${x(place).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 16}" text-anchor="middle">${place.toLocaleString('en')}</text>`,
  );
  const line = (points: Curve['points'], stroke: string): string => {
    const path = points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" ${stroke} stroke-width="1.5"/>`;
  };
  const pale = drawable.flatMap(({ points, means, stroke }) =>
    means === points ? [] : [line(points, `${stroke} opacity="0.2"`)],
  );
  const lines = drawable.map(({ means, stroke, color }) => {
    const [only] = means;
    return means.length === 1 && only !== undefined
      ? `<circle cx="${x(only[0]).toFixed(1)}" cy="${y(only[1]).toFixed(1)}" r="3" fill="${color}"/>`
      : line(means, stroke);
  });
  const legend = drawable
    .toSorted((a, b) => (b.means.at(-1)?.[1] ?? 0) - (a.means.at(-1)?.[1] ?? 0))
    .map(
      ({ name, stroke, means }) =>
        `<li>${drawSwatch(stroke)} ${escapeText(name)}: ${formatTick(means.at(-1)?.[1] ?? NaN)}</li>`,
    );
  const heading = `${title}${isCut ? ' (the first steps are off the scale)' : ''}`;
  const frame = `x="${MARGIN.left}" y="${MARGIN.top}" width="${INNER_WIDTH}" height="${INNER_HEIGHT}"`;
  return (
    `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}">` +
    `<text x="${MARGIN.left}" y="16" class="title">${escapeText(heading)}</text>` +
    [...ticks, ...places].join('') +
    `<text x="${WIDTH - MARGIN.right}" y="${HEIGHT - 8}" text-anchor="end">${escapeText(axis)}</text>` +
    // An inner picture shows nothing outside of its frame.
    `<svg ${frame} viewBox="${MARGIN.left} ${MARGIN.top} ${INNER_WIDTH} ${INNER_HEIGHT}">${[...pale, ...lines].join('')}</svg>` +
    `</svg><ul class="legend">${legend.join('')}</ul></figure>`
  );
}

/** The same chart, but empty where each curve stays at one value. */
export function drawChartOfChange(curves: readonly Curve[], options: ChartOptions): string {
  const changes = curves.some(({ points }) => new Set(points.map(([, value]) => value)).size > 1);
  return changes ? drawChart(curves, options) : '';
}

/** The same points where they are few; else their means over windows of `WINDOW` of them, on a logarithmic axis geometric ones. */
function runningMeans(points: Curve['points'], isLogarithmic: boolean): Curve['points'] {
  if (points.length < MANY) return points;
  const [to, from] = isLogarithmic ? [Math.log, Math.exp] : [Number, Number];
  const half = Math.ceil((points.length * WINDOW) / 2);
  const sums = [0];
  for (const [index, [, value]] of points.entries()) sums.push((sums[index] ?? 0) + to(value));
  return points.map(([x], index) => {
    // Narrower and centred at the beginning, where curves are steep; at the end all that there is, as the last value is in the legend.
    const before = Math.min(half, index);
    const after = Math.min(before, points.length - 1 - index);
    const sum = (sums[index + after + 1] ?? 0) - (sums[index - before] ?? 0);
    return [x, from(sum / (before + after + 1))];
  });
}

/** The extent of the values after the first ones, with some room, where those make the axis much longer. */
function withoutFirst(
  [low, high]: readonly [number, number],
  points: readonly (readonly [number, number])[],
  from: number,
  scale: (value: number) => number,
): readonly [number, number] {
  const later = points.filter(([x]) => x >= from);
  if (later.length < points.length / 2) return [low, high];
  const [laterLow, laterHigh] = extent(later.map(([, value]) => scale(value)));
  if (high - low <= TIMES * (laterHigh - laterLow) || laterHigh === laterLow) return [low, high];
  const room = 0.1 * (laterHigh - laterLow);
  return [Math.max(low, laterLow - room), Math.min(high, laterHigh + room)];
}

/** A line as a curve has it, for a legend. */
export function drawSwatch(stroke: string): string {
  return `<svg class="swatch" viewBox="0 0 22 8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" ${stroke} stroke-width="3"/></svg>`;
}

/** The attributes of the line of the curve at a place. */
export function strokeOf(index: number): string {
  const dashes = DASHES[Math.floor(index / COLORS.length) % DASHES.length] ?? '';
  return `stroke="${colorOf(index)}"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}`;
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

/** Powers of ten, and where there are few of them numbers between. */
function logarithmicNumbers(low: number, high: number): readonly number[] {
  const powers: number[] = [];
  for (let power = Math.floor(low); power <= high; power += 1) powers.push(10 ** power);
  const numbers = [[1], [1, 3], [1, 2, 5]].map((factors) =>
    powers
      .flatMap((power) => factors.map((factor) => factor * power))
      .filter((value) => Math.log10(value) >= low && Math.log10(value) <= high),
  );
  return numbers.find((each) => each.length >= 3) ?? numbers.at(-1) ?? [];
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
