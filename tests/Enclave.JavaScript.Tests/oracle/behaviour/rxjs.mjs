// Pipelines of rxjs, in virtual time: what each emits, and when.

const sources = {
  empty: (rx) => rx.EMPTY,
  one: (rx) => rx.of(1),
  several: (rx) => rx.of(3, 1, 2, 2, 5),
  text: (rx) => rx.from("hello"),
  range: (rx) => rx.range(0, 10),
  failing: (rx) => rx.concat(rx.of(1, 2), rx.throwError(() => new Error("broken"))),
  timed: (rx, clock) => rx.interval(10, clock).pipe(rx.take(6)),
  uneven: (rx, clock) => rx.merge(rx.timer(5, clock), rx.timer(7, 30, clock).pipe(rx.take(4)), rx.of(100).pipe(rx.delay(42, clock))),
};

const operators = {
  map: (rx) => rx.map((x) => [x, 1]), filter: (rx) =>
    rx.filter((x) => x > 1), scan: (rx) => rx.scan((sum, x) => sum + x, 0), reduce: (rx) => rx.reduce((sum, x) => sum + x, 0),
  take: (rx) => rx.take(2), skip: (rx) =>
    rx.skip(2), takeLast: (rx) => rx.takeLast(2), skipLast: (rx) => rx.skipLast(1), takeWhile: (rx) => rx.takeWhile((x) => x < 3, true),
  skipWhile: (rx) =>
    rx.skipWhile((x) => x < 3), distinct: (rx) => rx.distinct(), distinctUntilChanged: (rx) => rx.distinctUntilChanged(), pairwise: (rx) => rx.pairwise(),
  buffer: (rx) => rx.bufferCount(2, 1), window: (rx) =>
    (from) => from.pipe(rx.windowCount(2), rx.mergeMap((inner) => inner.pipe(rx.toArray()))), toArray: (rx) => rx.toArray(),
  concatMap: (rx, clock) =>
    rx.concatMap((x) => rx.of(x, x).pipe(rx.delay(15, clock))), mergeMap: (rx, clock) => rx.mergeMap((x) => rx.timer(12, clock).pipe(rx.map(() => x)), 2),
  switchMap: (rx, clock) => rx.switchMap((x) => rx.interval(4, clock).pipe(rx.take(3), rx.map((i) => [x, i]))), exhaustMap: (rx, clock) =>
    rx.exhaustMap((x) => rx.timer(25, clock).pipe(rx.map(() => x))),
  expand: (rx) => (from) => from.pipe(rx.expand((x) => (x < 40 ? rx.of(x * 3 + 1) : rx.EMPTY)), rx.take(12)), groupBy: (rx) =>
    (from) => from.pipe(rx.groupBy((x) => x % 2), rx.mergeMap((group) => group.pipe(rx.toArray(), rx.map((all) => [group.key, all])))),
  debounce: (rx, clock) => rx.debounceTime(8, clock), throttle: (rx, clock) => rx.throttleTime(15, clock, { leading: true, trailing: true }),
  audit: (rx, clock) => rx.auditTime(12, clock), sample: (rx, clock) => rx.sampleTime(20, clock),
  delay: (rx, clock) => rx.delay(9, clock), timeout: (rx, clock) =>
    rx.timeout({ each: 12, scheduler: clock }), bufferTime: (rx, clock) => rx.bufferTime(25, clock), timestamps: (rx, clock) => rx.timeInterval(clock),
  startWith: (rx) =>
    rx.startWith(0, 9), endWith: (rx) => rx.endWith(99), defaultIfEmpty: (rx) => rx.defaultIfEmpty("none"), throwIfEmpty: (rx) => rx.throwIfEmpty(),
  catchError: (rx) => rx.catchError((error) => rx.of(error.message)), retry: (rx) =>
    rx.retry(1), repeat: (rx) => rx.repeat(2), finalize: (rx) => rx.finalize(() => {}), materialize: (rx) => rx.materialize(),
  first: (rx) => rx.first(), last: (rx) => rx.last(), single: (rx) =>
    rx.single(), elementAt: (rx) => rx.elementAt(1), find: (rx) => rx.find((x) => x === 2), every: (rx) => rx.every((x) => x > 0), count: (rx) => rx.count(),
  min: (rx) => rx.min(), max: (rx) => rx.max(), isEmpty: (rx) =>
    rx.isEmpty(), zip: (rx) => rx.zipWith(rx.of("a", "b", "c")), combine: (rx, clock) => rx.combineLatestWith(rx.interval(13, clock).pipe(rx.take(2))),
  latest: (rx, clock) => rx.withLatestFrom(rx.interval(6, clock).pipe(rx.take(20))), race: (rx, clock) =>
    rx.raceWith(rx.timer(3, clock)), share: (rx) => rx.share(), replay: (rx) => rx.shareReplay(1),
  merge: (rx) => rx.mergeWith(rx.of(7)), concat: (rx) => rx.concatWith(rx.of(8)), observeOn: (rx, clock) =>
    rx.observeOn(clock, 3), subscribeOn: (rx, clock) => rx.subscribeOn(clock, 4), sequenceEqual: (rx) => rx.sequenceEqual(rx.of(3, 1, 2, 2, 5)),
};

export function* calls(rx) {
  for (const source of Object.keys(sources)) {
    for (const operator of Object.keys(operators)) {
      yield { call: `${source} | ${operator}`, run: () => emissions(rx, source, [operator]) };
      for (const second of ["scan", "delay", "bufferTime", "catchError", "take"]) {
        yield { call: `${source} | ${operator} | ${second}`, run: () => emissions(rx, source, [operator, second]) };
      }
    }
  }
}

function emissions(rx, source, names) {
  const clock = new rx.VirtualTimeScheduler(undefined, 2_000);
  const seen = [];
  const pipeline = names.reduce((from, name) => from.pipe(operators[name](rx, clock)), sources[source](rx, clock));
  pipeline.subscribe({
    next: (value) => seen.push([clock.frame, "next", value]),
    error: (error) => seen.push([clock.frame, "error", error.name, error.message]),
    complete: () => seen.push([clock.frame, "complete"]),
  });
  clock.flush();
  return seen;
}
