/** What may stand in an `Authorization` header: a token with anything else is a mistake in copying. */
const form = /^[\x21-\x7e]{1,4096}$/;

/** Where the token is kept: in this tab, for both pages, and gone when the tab is. */
const place = 'enclave-token';

/** The way to the broker: every request of the page goes through here, with the token if there is one. */
export class Access {
  #token = keptToken();
  readonly #refused: (hadToken: boolean) => void;
  readonly #accepted: (() => void)[] = [];

  /** @param refused Told of each 401, and whether a token was shown. */
  constructor(refused: (hadToken: boolean) => void) {
    this.#refused = refused;
  }

  /** Whether a text can be a token at all. */
  static isToken(text: string): boolean {
    return form.test(text);
  }

  /** Takes a token for all requests to come, of both pages. */
  use(token: string): void {
    this.#token = token;
    keep(token);
    for (const tell of this.#accepted) tell();
  }

  /** Calls back whenever there is a new token to try. */
  onToken(tell: () => void): void {
    this.#accepted.push(tell);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const token = this.#token;
    const headers = new Headers(init?.headers);
    if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
    const answer = await globalThis.fetch(input, { ...init, headers, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    // An answer to a token that was replaced meanwhile says nothing of the new one.
    if (answer.status === 401 && token === this.#token) {
      // One that is refused is not tried again by the other page.
      keep(undefined);
      this.#refused(token !== undefined);
    }
    return answer;
  };
}

function keptToken(): string | undefined {
  try {
    const token = globalThis.sessionStorage?.getItem(place);
    return token !== null && token !== undefined && Access.isToken(token) ? token : undefined;
  } catch {
    // A browser that keeps nothing: each page asks for it.
    return undefined;
  }
}

function keep(token: string | undefined): void {
  try {
    if (token === undefined) globalThis.sessionStorage?.removeItem(place);
    else globalThis.sessionStorage?.setItem(place, token);
  } catch {
    // As above.
  }
}
