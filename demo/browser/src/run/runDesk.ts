import { EnclaveClient, type SessionHandle, type SessionResult, type StreamEvent } from 'enclave-client';
import type { ConsoleView } from '../console/consoleView.js';
import type { Announcer } from '../page/announcer.js';
import { duration, many } from '../page/format.js';
import { printableCut } from '../page/printable.js';
import type { TimelineView } from '../timeline/timelineView.js';
import type { LimitsPanel, Usage } from './limitsPanel.js';
import { outcomeOf, type Outcome } from './outcome.js';
import type { RunView } from './runView.js';

/** The views of a run. */
export interface RunViews {
  readonly run: RunView;
  readonly limits: LimitsPanel;
  readonly console: ConsoleView;
  readonly timeline: TimelineView;
}

// The interval for drawing a run, also with reduced motion, because the user must see progress.
const tickMs = 100;
const calmTickMs = 1_000;
// Time for the result of a session that reached its own limit to arrive.
const graceMs = 10_000;
const defaultTtlMs = 60_000;

/** Runs scripts one at a time, and shows their progress. */
export class RunDesk {
  readonly #client: EnclaveClient;
  readonly #views: RunViews;
  readonly #announcer: Announcer;
  readonly #ended: (outcome: Outcome) => void;
  #run: Run | undefined;

  /** @param ended Called with the end of each run. */
  constructor(fetch: typeof globalThis.fetch, views: RunViews, announcer: Announcer, ended: (outcome: Outcome) => void) {
    // The page is at the root of its broker's origin.
    this.#client = new EnclaveClient({ baseUrl: location.origin, fetch, maxEvents: 200 });
    this.#views = views;
    this.#announcer = announcer;
    this.#ended = ended;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Runs a script, unless another one is running or a limit is wrong. */
  start(code: string): void {
    if (this.#run) return;
    const reading = this.#views.limits.read();
    if (reading.field !== undefined) return this.#announcer.alarm(reading.problem);
    this.#views.limits.begin(reading.limits);
    const run = new Run(this.#views);
    this.#run = run;
    this.#announcer.say('Running');
    const handle = this.#client.executeStream(code, {
      limits: reading.limits,
      encryption: this.#views.limits.encryption,
      timeout: (reading.limits.sessionTtlMs ?? defaultTtlMs) + graceMs,
      onEvent: (event) => run.take(event),
    });
    run.follow(handle);
    handle.wait().then((result) => this.#end(run, result), (failure: unknown) => this.#break(run, failure));
  }

  /** Cancels the run, if there is one. */
  cancel(reason: string): void {
    void this.#run?.handle?.cancel(reason);
  }

  #end(run: Run, result: SessionResult): void {
    this.#run = undefined;
    const outcome = run.end(result);
    const told = [outcome.title, outcome.code, outcome.message && printableCut(outcome.message, 300)]
      .filter(Boolean).map((part) => part!.replace(/\.$/, '')).join('. ');
    if (outcome.kind === 'completed') this.#announcer.say(`${told}. ${many(result.stats.toolCallCount, 'tool call')}.`);
    else if (outcome.kind === 'cancelled') this.#announcer.say(told);
    else this.#announcer.alarm(told);
    this.#ended(outcome);
  }

  // Only a fault of this page leads here. The run must end all the same, so that another one can start.
  #break(run: Run, failure: unknown): void {
    this.#run = undefined;
    run.break();
    this.#announcer.alarm('The page failed');
    throw failure;
  }
}

/** One run, from the click to its result. */
class Run {
  readonly #views: RunViews;
  readonly #asked = performance.now();
  readonly #timer: number;
  handle: SessionHandle | undefined;
  // The time of the first event, where the timeline begins.
  #begun: number | undefined;
  #toolCalls = 0;
  #stdoutBytes = 0;
  // Known once the session has begun.
  #encrypted: boolean | undefined;

  constructor(views: RunViews) {
    this.#views = views;
    views.console.clear();
    views.timeline.clear();
    views.run.running();
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#timer = window.setInterval(() => this.#draw(), calm ? calmTickMs : tickMs);
    this.#draw();
  }

  follow(handle: SessionHandle): void {
    this.handle = handle;
  }

  take(event: StreamEvent): void {
    this.#begun ??= performance.now();
    const { console, timeline, limits } = this.#views;
    const at = this.#sinceBegin();
    // A heartbeat may come at any moment and says nothing about calls.
    if (event.type !== 'tool_result_applied' && event.type !== 'final' && event.type !== 'deadline_exceeded' && event.type !== 'heartbeat')
      timeline.somethingElse();
    switch (event.type) {
      case 'session_init':
        this.#encrypted = event.payload.encryption.enabled;
        return limits.showEncrypted(this.#encrypted);
      case 'stdout':
        this.#stdoutBytes += new TextEncoder().encode(event.payload.chunk).length;
        return console.write(event.payload.chunk);
      case 'tool_call':
        this.#toolCalls++;
        timeline.begin(event.payload.callId, event.payload.toolName, event.payload.args, at);
        return timeline.draw(at);
      case 'tool_result_applied':
        timeline.applied(event.payload.callId, at);
        return timeline.draw(at);
      case 'log': return console.note(`${event.payload.level}: ${event.payload.message}`);
      case 'error': return console.note(`${event.payload.code ?? 'error'}: ${event.payload.message}`);
      case 'deadline_exceeded': return console.note(`the deadline of ${duration(event.payload.budgetMs)} has passed`);
    }
  }

  end(result: SessionResult): Outcome {
    const { console, limits, run, timeline } = this.#views;
    window.clearInterval(this.#timer);
    // A broker that lost its runtime reports zeros.
    const counted = result.brokerStats && result.brokerStats.durationMs > 0 ? result.brokerStats : undefined;
    const { durationMs, toolCallCount, stdoutBytes } = counted ?? result.stats;
    const used: Usage = { elapsedMs: durationMs, toolCalls: toolCallCount, stdoutBytes };
    const outcome = outcomeOf(result, used.elapsedMs);
    console.end();
    timeline.end({ ok: result.success, code: result.success ? undefined : result.error.code }, this.#sinceBegin());
    limits.show(used);
    run.ended(outcome, result, { ...used, encrypted: this.#encrypted, countedBy: counted ? 'broker' : 'page' });
    return outcome;
  }

  break(): void {
    window.clearInterval(this.#timer);
    this.#views.run.broken();
  }

  #draw(): void {
    const elapsedMs = performance.now() - this.#asked;
    this.#views.limits.show({ elapsedMs, toolCalls: this.#toolCalls, stdoutBytes: this.#stdoutBytes });
    this.#views.run.elapsed(elapsedMs);
    this.#views.timeline.draw(this.#sinceBegin());
  }

  #sinceBegin(): number {
    return this.#begun === undefined ? 0 : performance.now() - this.#begun;
  }
}
