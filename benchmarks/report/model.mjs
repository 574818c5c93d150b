// What a session costs each part of a tier, from a few measured loads: a share of its own, and one that sessions which run at once divide among them.
// cost(T tool calls, L console lines, k at once) = (s + t·T + l·L) + (s' + t'·T + l'·L) / k, and what the part takes when nobody asks for anything, for the time.
// A commit, a wake-up, a packet that carries several sessions' events: these are divided. Six loads make the six numbers; every other load is a judge.

const kinds = ['cpu', 'counts'];

/** Figures that say how many there are, and not how many a session adds. */
const standing = ['databaseConnections', 'queueConnections'];

/** Each quantity of a line: `cpu.broker` in ms, `counts.writes`, and so on. */
export function quantitiesOf(line) {
  return Object.fromEntries(kinds.flatMap(kind => Object.entries(line[kind] ?? {}).filter(([name]) => name !== 'load' && !standing.includes(name)).map(([name, value]) => [`${kind}.${name}`, value])));
}

export const setupsOf = lines => [...new Set(lines.map(({ setup }) => setup))];

const isIdle = line => line.sessions === 0;

/** The model of one setup: for each quantity six coefficients and what is taken in an idle second. */
export function fit(lines, setup) {
  const own = lines.filter(line => line.setup === setup), idle = own.find(isIdle), points = own.filter(line => line.isFitted);
  if (!idle || points.length === 0) throw new Error(`${setup}: no idle time or no loads to fit`);
  const model = {};
  for (const name of Object.keys(quantitiesOf(points[0]))) {
    const still = quantitiesOf(idle)[name] ?? 0;
    const rows = points.map(point => [...loadOf(point), ...loadOf(point).map(each => each / point.clients)]);
    model[name] = { idle: still, coefficients: solved(rows, points.map(point => quantitiesOf(point)[name] - still * point.seconds / point.sessions)) };
  }

  return model;
}

const loadOf = ({ toolCalls, lines }) => [1, toolCalls, lines];

/** What a session is said to cost. `seconds` is the time for each session in which the idle cost goes on. */
export function predict({ idle, coefficients }, load, seconds = 0) {
  const own = loadOf(load), features = [...own, ...own.map(each => each / load.clients)];
  return Math.max(0, features.reduce((sum, each, i) => sum + each * coefficients[i], 0)) + idle * seconds;
}

/** The sum of two models and the difference to a third: `one` with what `more` has beyond `less`. */
export function composed(one, more, less) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(more)])];
  const nothing = { idle: 0, coefficients: [0, 0, 0, 0, 0, 0] };
  return Object.fromEntries(names.map(name => {
    const [a, b, c] = [one[name] ?? nothing, more[name] ?? nothing, less[name] ?? nothing];
    // What only one of them has is not taken twice.
    if (!less[name] && one[name] && more[name]) return [name, a];
    return [name, { idle: a.idle + b.idle - c.idle, coefficients: a.coefficients.map((value, i) => value + b.coefficients[i] - c.coefficients[i]) }];
  }));
}

/** Each load that a model was not made from, with what it says and what was measured. */
export function judged(lines, setup, model) {
  return lines.filter(line => line.setup === setup && !isIdle(line) && !line.isFitted).map(line => compared(line, model));
}

/** The same for a model that was made from other setups: here nothing was fitted. */
export const judgedAll = (lines, setup, model) => lines.filter(line => line.setup === setup && !isIdle(line)).map(line => compared(line, model));

function compared(line, model) {
  const measured = quantitiesOf(line);
  return { line, errors: Object.fromEntries(Object.keys(measured).filter(name => model[name]).map(name => {
    const said = predict(model[name], line, line.seconds / line.sessions);
    return [name, { said, measured: measured[name], error: measured[name] === 0 ? undefined : said / measured[name] - 1 }];
  })) };
}

/** Least squares by the normal equations, which six loads make exact. Loads that say the same twice are no model. */
export function solved(rows, values) {
  const n = rows[0].length;
  const matrix = Array.from({ length: n }, (_, i) => [...Array.from({ length: n }, (_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)), rows.reduce((sum, row, r) => sum + row[i] * values[r], 0)]);
  for (let i = 0; i < n; i++) {
    const pivot = matrix.reduce((best, row, r) => (r >= i && Math.abs(row[i]) > Math.abs(matrix[best][i]) ? r : best), i);
    if (Math.abs(matrix[pivot][i]) < 1e-9) throw new Error('the loads do not tell the costs apart');
    [matrix[i], matrix[pivot]] = [matrix[pivot], matrix[i]];
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const factor = matrix[r][i] / matrix[i][i];
      for (let c = i; c <= n; c++) matrix[r][c] -= factor * matrix[i][c];
    }
  }

  return matrix.map((row, i) => row[n] / row[i]);
}
