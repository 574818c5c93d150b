import { EnclaveClientError, type RefusalInfo } from './errors.js';
import type { EventFilter } from './filter.js';
import { isObject } from './members.js';
import type { Settings } from './options.js';

// A refusal is a sentence, and an answer is a list of sessions: neither is larger than this.
const maxRefusalBytes = 64 * 1024;
const maxAnswerBytes = 16 * 1024 * 1024;
const maxCancelMs = 5_000;

/** A broker's response that refuses a request. */
export interface Refusal extends RefusalInfo {
  readonly status: number;
  readonly body: string;
}

/** The routes of a broker. */
export class Broker {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Opens a session; the response is its stream. */
  start(body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Response> {
    return this.#fetch('POST', '/sessions', { body, accept: 'application/x-ndjson', signal });
  }

  /** Requests a session's stream from an event on. */
  stream(sessionId: string, fromSeq: number, filter: EventFilter | undefined, signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams();
    if (fromSeq > 0) {
      // Brokers read one parameter name or the other.
      query.set('from', String(fromSeq));
      query.set('fromSeq', String(fromSeq));
    }
    if (filter) query.set('filter', JSON.stringify(filter));
    const tail = query.size > 0 ? `?${query}` : '';
    return this.#fetch('GET', `${pathOf(sessionId)}/stream${tail}`, { accept: 'application/x-ndjson', signal });
  }

  /** Cancels a session at the broker. Returns true if the broker knew it. Fails like any request. */
  async cancel(sessionId: string, reason: string | undefined): Promise<boolean> {
    return this.#limited(maxCancelMs, undefined, async (signal) => {
      const body = { ...(reason !== undefined && { reason }) };
      const answer = await this.#ask('cancel session', () => this.#fetch('POST', `${pathOf(sessionId)}/cancel`, { body, signal }));
      // Some brokers do not have this route; there a session can only be deleted.
      if (answer.status === 404 || answer.status === 405) {
        await answer.body?.cancel();
        return this.#delete(sessionId, signal);
      }
      await this.#expect(answer, 'cancel session');
      return true;
    });
  }

  /** Cancels and removes a session. Returns false if there is none. */
  delete(sessionId: string, signal: AbortSignal | undefined): Promise<boolean> {
    return this.#limited(this.#settings.timeout, signal, (limited) => this.#delete(sessionId, limited));
  }

  /** The JSON of a response, or undefined for 404. */
  async get(path: string, what: string, signal: AbortSignal | undefined): Promise<unknown> {
    return this.#limited(this.#settings.timeout, signal, async (limited) => {
      const answer = await this.#ask(what, () => this.#fetch('GET', path, { signal: limited }));
      if (answer.status === 404) {
        await answer.body?.cancel();
        return undefined;
      }
      const text = await this.#expect(answer, what);
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        throw new EnclaveClientError('PARSE_ERROR', `Failed to ${what}: the answer is not JSON`, { cause: error });
      }
    });
  }

  /** Posts, and returns whether it was accepted: false for 404 and 409. */
  async post(path: string, what: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<boolean> {
    return this.#limited(this.#settings.timeout, signal, async (limited) => {
      const answer = await this.#ask(what, () => this.#fetch('POST', path, { body, signal: limited }));
      if (answer.status === 404 || answer.status === 409) {
        await answer.body?.cancel();
        return false;
      }
      await this.#expect(answer, what);
      return true;
    });
  }

  async #delete(sessionId: string, signal: AbortSignal): Promise<boolean> {
    const what = 'delete session';
    const answer = await this.#ask(what, () => this.#fetch('DELETE', pathOf(sessionId), { signal }));
    if (answer.status === 404) {
      await answer.body?.cancel();
      return false;
    }
    await this.#expect(answer, what);
    return true;
  }

  async #expect(answer: Response, what: string): Promise<string> {
    if (answer.ok) return this.#ask(what, () => readText(answer, maxAnswerBytes));
    const refusal = await readAnswerRefusal(answer);
    throw new EnclaveClientError('SESSION_ERROR', `Failed to ${what}: ${answer.status}`, { refusal });
  }

  async #ask<T>(what: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof EnclaveClientError) throw error;
      throw new EnclaveClientError('NETWORK_ERROR', `Failed to ${what}`, { cause: error });
    }
  }

  async #limited<T>(limitMs: number, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock } = this.#settings;
    const stop = new AbortController();
    let late = false;
    const takeBack = limitMs === 0 ? undefined : clock.schedule(() => {
      late = true;
      stop.abort();
    }, limitMs);
    const abort = (): void => stop.abort(signal?.reason);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    try {
      return await work(stop.signal);
    } catch (error) {
      if (signal?.aborted) throw new EnclaveClientError('CANCELLED', 'Request cancelled', { cause: error });
      if (late) throw new EnclaveClientError('TIMEOUT', `No answer within ${limitMs} ms`, { cause: error });
      throw error;
    } finally {
      takeBack?.();
      signal?.removeEventListener('abort', abort);
    }
  }

  #fetch(method: string, path: string, request: { readonly body?: unknown; readonly accept?: string; readonly signal: AbortSignal }): Promise<Response> {
    const { baseUrl, fetch, headers } = this.#settings;
    return fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...headers,
        ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
        ...(request.accept !== undefined && { Accept: request.accept }),
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      signal: request.signal,
    });
  }
}

/** The path of one session. */
export function pathOf(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}`;
}

/** Reads a broker's refusal. Never fails. */
export async function readAnswerRefusal(answer: Response): Promise<Refusal> {
  const body = await readText(answer, maxRefusalBytes).catch(() => '');
  const reason = readReason(body);
  const retryAfterMs = readRetryAfter(answer.headers.get('Retry-After'));
  return { status: answer.status, body, ...(reason !== undefined && { reason }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

// Brokers without codes answer `{ error }`, and proxies in front of a broker answer HTML.
function readReason(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) && typeof value['code'] === 'string' ? value['code'] : undefined;
  } catch {
    return undefined;
  }
}

function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

async function readText(answer: Response, maxBytes: number): Promise<string> {
  if (!answer.body) return '';
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw new EnclaveClientError('PARSE_ERROR', `a response of the broker is longer than ${maxBytes} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
