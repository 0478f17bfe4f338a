/** Charts of several curves with logarithmic axes, as one SVG picture that needs nothing from outside. */

const PANEL = { width: 360, height: 250, left: 58, right: 14, top: 34, bottom: 40 };
const COLUMNS = 3;
const COLORS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd'];
const GRAY = '#888';

/** `panels`: `{ title, x, y, curves: [{ name, points: [[x, y], …], isGuide }] }`, all numbers above 0; a guide is dashed. */
export function drawCharts(panels) {
  const width = COLUMNS * PANEL.width;
  const height = Math.ceil(panels.length / COLUMNS) * PANEL.height;
  const drawn = panels.map((panel, place) => {
    const [column, row] = [place % COLUMNS, Math.floor(place / COLUMNS)];
    return `<g transform="translate(${column * PANEL.width} ${row * PANEL.height})">\n${drawPanel(panel)}\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function drawPanel({ title, x, y, curves }) {
  const points = curves.flatMap((curve) => curve.points);
  const across = axis(
    points.map(([value]) => value),
    PANEL.left,
    PANEL.width - PANEL.right,
  );
  const up = axis(
    points.map(([, value]) => value),
    PANEL.height - PANEL.bottom,
    PANEL.top,
  );
  const [right, bottom] = [PANEL.width - PANEL.right, PANEL.height - PANEL.bottom];
  const lines = [
    ...up.ticks.map(({ place, text }) => [
      `<line x1="${PANEL.left}" x2="${right}" y1="${place}" y2="${place}" stroke="#e4e4e4"/>`,
      `<text x="${PANEL.left - 6}" y="${place}" dy="4" text-anchor="end">${text}</text>`,
    ]),
    ...across.ticks.map(({ place, text }) => [
      `<line x1="${place}" x2="${place}" y1="${PANEL.top}" y2="${bottom}" stroke="#e4e4e4"/>`,
      `<text x="${place}" y="${bottom + 15}" text-anchor="middle">${text}</text>`,
    ]),
    [`<text x="${PANEL.left}" y="16" font-size="12" font-weight="bold">${escape(`${title}, ${y}`)}</text>`],
    [`<text x="${(PANEL.left + right) / 2}" y="${bottom + 31}" text-anchor="middle">${escape(x)}</text>`],
    ...curves.map((curve, place) => drawCurve(curve, place, across, up)),
  ];
  return lines.flat().join('\n');
}

function drawCurve({ name, points, isGuide = false }, place, across, up) {
  const color = isGuide ? GRAY : COLORS[place % COLORS.length];
  const at = points.map(([x, y]) => [across.place(x), up.place(y)]);
  const dash = isGuide ? ' stroke-dasharray="4 3"' : '';
  return [
    `<polyline points="${at.map((both) => both.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"${dash}/>`,
    ...(isGuide ? [] : at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.2" fill="${color}"/>`)),
    `<text x="${PANEL.left + 8}" y="${PANEL.top + 12 + 14 * place}" fill="${color}">${isGuide ? '╌' : '━'} ${escape(name)}</text>`,
  ];
}

/** A logarithmic axis over all values, and ticks at 1, 2 and 5 times powers of ten where there is room for them. */
function axis(values, from, to) {
  const low = Math.log10(Math.min(...values)) - 0.05;
  const high = Math.log10(Math.max(...values)) + 0.05;
  const place = (value) => Number((from + ((to - from) * (Math.log10(value) - low)) / (high - low)).toFixed(1));
  const factors = high - low < 1.6 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1)
    for (const factor of factors) {
      const value = Number(`${factor}e${power}`);
      if (Math.log10(value) >= low && Math.log10(value) <= high)
        ticks.push({ place: place(value), text: value.toLocaleString('en', { maximumFractionDigits: 4 }) });
    }
  return { place, ticks };
}

function escape(text) {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
