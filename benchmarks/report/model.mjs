// Models the cost of a session for each part of a tier from a few measured loads: a fixed share, and a share that concurrent sessions divide.
// cost(T tool calls, L console lines, k at once) = (s + t·T + l·L) + (s' + t'·T + l'·L) / k, plus the idle cost for the time.
// Divided are: a commit, a wake-up, a packet with several sessions' events. Six loads determine the six numbers; every other load checks them.

const kinds = ['cpu', 'counts'];

/** Metrics that are totals and do not grow with each session. */
const standing = ['databaseConnections', 'queueConnections'];

/** Each quantity of a line: `cpu.broker` in ms, `counts.writes`, and so on. */
export function quantitiesOf(line) {
  return Object.fromEntries(kinds.flatMap(kind => Object.entries(line[kind] ?? {})
    .filter(([name]) => name !== 'load' && !standing.includes(name)).map(([name, value]) => [`${kind}.${name}`, value])));
}

export const setupsOf = lines => [...new Set(lines.map(({ setup }) => setup))];

const isIdle = line => line.sessions === 0;

/** The model of one setup: six coefficients for each quantity, and the cost of an idle second. */
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

/** The predicted cost of a session. `seconds` is the idle time that each session pays for. */
export function predict({ idle, coefficients }, load, seconds = 0) {
  const own = loadOf(load), features = [...own, ...own.map(each => each / load.clients)];
  return Math.max(0, features.reduce((sum, each, i) => sum + each * coefficients[i], 0)) + idle * seconds;
}

/** The sum of two models minus a third: `one` plus the difference between `more` and `less`. */
export function composed(one, more, less) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(more)])];
  const nothing = { idle: 0, coefficients: [0, 0, 0, 0, 0, 0] };
  return Object.fromEntries(names.map(name => {
    const [a, b, c] = [one[name] ?? nothing, more[name] ?? nothing, less[name] ?? nothing];
    // A quantity that only one of them has is not added twice.
    if (!less[name] && one[name] && more[name]) return [name, a];
    return [name, { idle: a.idle + b.idle - c.idle, coefficients: a.coefficients.map((value, i) => value + b.coefficients[i] - c.coefficients[i]) }];
  }));
}

/** Each load to which a model was not fitted, with the prediction and the measurement. */
export function judged(lines, setup, model) {
  return lines.filter(line => line.setup === setup && !isIdle(line) && !line.isFitted).map(line => compared(line, model));
}

/** The same for a model composed of other setups, for which nothing was fitted. */
export const judgedAll = (lines, setup, model) => lines.filter(line => line.setup === setup && !isIdle(line)).map(line => compared(line, model));

function compared(line, model) {
  const measured = quantitiesOf(line);
  return { line, errors: Object.fromEntries(Object.keys(measured).filter(name => model[name]).map(name => {
    const said = predict(model[name], line, line.seconds / line.sessions);
    return [name, { said, measured: measured[name], error: measured[name] === 0 ? undefined : said / measured[name] - 1 }];
  })) };
}

/** Least squares by the normal equations, exact for six loads. Loads that are linearly dependent give no model. */
export function solved(rows, values) {
  const n = rows[0].length;
  const matrix = Array.from({ length: n }, (_, i) =>
    [...Array.from({ length: n }, (_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)), rows.reduce((sum, row, r) => sum + row[i] * values[r], 0)]);
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
