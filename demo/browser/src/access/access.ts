/** Valid characters of a token in an `Authorization` header. Anything else is a copying mistake. */
const form = /^[\x21-\x7e]{1,4096}$/;

/** The key of the token in the session storage: for this tab and all pages, removed with the tab. */
const place = 'enclave-token';

/** Sends all requests of the page to the broker, with the token if there is one. */
export class Access {
  #token = keptToken();
  readonly #refused: (hadToken: boolean) => void;
  readonly #accepted: (() => void)[] = [];

  /** @param refused Called for each 401, with whether a token was sent. */
  constructor(refused: (hadToken: boolean) => void) {
    this.#refused = refused;
  }

  /** True if a text has the form of a token. */
  static isToken(text: string): boolean {
    return form.test(text);
  }

  /** Uses a token for all further requests of all pages. */
  use(token: string): void {
    this.#token = token;
    keep(token);
    for (const tell of this.#accepted) tell();
  }

  /** Registers a callback for each new token. */
  onToken(tell: () => void): void {
    this.#accepted.push(tell);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const token = this.#token;
    const headers = new Headers(init?.headers);
    if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
    const answer = await globalThis.fetch(input, { ...init, headers, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    // A response to a token that was replaced meanwhile says nothing about the new one.
    if (answer.status === 401 && token === this.#token) {
      // A refused token is removed, so that another page does not try it.
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
    // The browser stores nothing: each page asks for the token.
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
