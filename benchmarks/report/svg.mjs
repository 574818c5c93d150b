// The small part of SVG that the charts need. All text of a chart goes through `text`, so no measured value can end the markup.

export const width = 800;

/** Middle tones on their own background, and dark ones if the reader's system is dark. */
const style = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f; }
  .heading { font-size: 15px; font-weight: 600; }
  .small { font-size: 11px; fill: #57606a; }
  .ours { font-weight: 700; }
  .page { fill: #ffffff; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .range { stroke: #8c959f; stroke-width: 4; }
  .line { fill: none; stroke: #8c959f; stroke-width: 2; }
  .first { fill: #8c959f; }
  .second { fill: #ffffff; stroke: #8c959f; stroke-width: 2; }
  .range.ours, .line.ours { stroke: #0969da; }
  .first.ours { fill: #0969da; }
  .second.ours { stroke: #0969da; }
  .good { stroke: #1a7f37; } .fair { stroke: #9a6700; } .bad { stroke: #cf222e; } .none { stroke: #8c959f; }
  .sign { fill: none; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9da7b3; }
    .page { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .second { fill: #0d1117; }
    .range.ours, .line.ours { stroke: #4493f8; }
    .first.ours { fill: #4493f8; }
    .second.ours { stroke: #4493f8; }
    .good { stroke: #3fb950; } .fair { stroke: #d29922; } .bad { stroke: #f85149; }
  }`;

export function escaped(text) {
  return String(text).replace(/[&<>"']/g, found => `&#${found.charCodeAt(0)};`);
}

/** A whole chart. Screen readers read its title and description. */
export function chart({ title, description, height, parts }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(description)}</desc>
<style>${style}
</style>
<rect class="page" width="${width}" height="${height}"/>
${text(16, 26, title, { class: 'heading' })}
${parts.join('\n')}
</svg>
`;
}

export function text(x, y, content, { class: name, anchor } = {}) {
  return `<text x="${round(x)}" y="${round(y)}"${attribute('class', name)}${attribute('text-anchor', anchor)}>${escaped(content)}</text>`;
}

export function line(x1, y1, x2, y2, name) {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${name}"/>`;
}

export function dot(x, y, radius, name) {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" class="${name}"/>`;
}

export function path(d, name) {
  return `<path d="${d}" class="${name}"/>`;
}

export function round(number) {
  return Math.round(number * 10) / 10;
}

function attribute(name, value) {
  return value ? ` ${name}="${value}"` : '';
}
