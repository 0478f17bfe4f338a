/** The report of a run: one HTML page that asks nothing of the network. */
import { escapeText } from './curves.js';

export interface Section {
  readonly title: string;
  /** HTML; a section without anything is left out. */
  readonly body: string;
}

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #ddd }
table { border-collapse: collapse; font-size: 14px } td, th { padding: 2px 12px 2px 0; text-align: left; vertical-align: top }
th { font-weight: 600 } pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; font-size: 13px }
figure { display: inline-block; margin: 0 1rem 1rem 0; vertical-align: top } figure svg { width: 460px; max-width: 100% }
figure img { image-rendering: pixelated; max-width: 100% } figcaption { max-width: 460px } figcaption, .legend, .note { color: #555; font-size: 13px }
svg text { font: 11px system-ui, sans-serif; fill: #444 } svg .title { font-weight: 600; font-size: 12px } .grid { stroke: #e3e3e3 }
.swatch { width: 22px; height: 8px } .wide { overflow-x: auto } .wide td, .wide th, .long td:first-child { white-space: nowrap } .long td { overflow-wrap: anywhere }
.legend { list-style: none; padding: 0; margin: 0; columns: 2; max-width: 460px }
`;

export function renderPage(title: string, subtitle: string, sections: readonly Section[]): string {
  const parts = sections
    .filter(({ body }) => body !== '')
    .map(({ title: heading, body }) => `<section><h2>${escapeText(heading)}</h2>\n${body}\n</section>`);
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<link rel="icon" href="data:,"><title>${escapeText(title)}</title><style>${STYLE}</style></head>\n<body>` +
    `<h1>${escapeText(title)}</h1>\n<p class="note">${escapeText(subtitle)}</p>\n${parts.join('\n')}\n</body></html>\n`
  );
}

/** `wide` scrolls where it has to; `long` texts are broken anywhere but in the first column. */
export type TableKind = 'plain' | 'wide' | 'long';

/** Rows of texts, the first the headings. */
export function renderRows(rows: readonly (readonly string[])[], kind: TableKind = 'plain'): string {
  return renderCells(
    rows.map((row) => row.map(escapeText)),
    kind,
  );
}

/** The same for cells of HTML. */
export function renderCells([headings = [], ...rows]: readonly (readonly string[])[], kind: TableKind): string {
  const line = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="${kind}"><table>${line(headings, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table></div>`;
}

export function renderFacts(facts: readonly (readonly [string, string])[]): string {
  return `<table>${facts.map(([name, value]) => `<tr><th>${escapeText(name)}</th><td>${escapeText(value)}</td></tr>`).join('')}</table>`;
}

export function renderImage(png: Uint8Array, caption: string): string {
  const data = Buffer.from(png).toString('base64');
  return `<figure><img alt="${escapeText(caption)}" src="data:image/png;base64,${data}"><figcaption>${escapeText(caption)}</figcaption></figure>`;
}

export function renderCode(text: string): string {
  return `<pre>${escapeText(text)}</pre>`;
}
