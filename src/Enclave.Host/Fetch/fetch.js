// fetch, Request and Response (https://fetch.spec.whatwg.org): the script's side of the tool fetch, which judges and makes every request.
function headersFor(init, content) {
  const headers = new HeaderList(init);
  if (content !== undefined && content.type !== '' && !apply(hasHeader, headers, ['content-type'])) {
    apply(addHeader, headers, ['content-type', content.type]);
  }
  return headers;
}

function methodOf(given) {
  const method = `${given}`, upper = apply(toUpperCase, method, []);
  if (!apply(test, /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, [method])) throw new TypeErrorType(`'${method}' is not a valid HTTP method.`);
  if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') throw new TypeErrorType(`'${method}' HTTP method is unsupported.`);
  return apply(test, /^(?:DELETE|GET|HEAD|OPTIONS|POST|PUT)$/, [upper]) ? upper : method;
}

function addressOf(given) {
  const text = `${given}`;
  let url;
  try {
    url = new Address(text);
  } catch (cause) {
    throw new TypeErrorType(`Failed to parse URL from ${text}`, { cause });
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeErrorType(`Request cannot be constructed from a URL that includes credentials: ${url.origin}. The host adds the credentials of an origin`);
  }
  return url.href;
}

class Request extends Body {
  #url;
  #method = 'GET';
  #headers;
  #redirect = 'follow';
  #signal;

  constructor(input, init) {
    super();
    if (arguments.length === 0) throw new TypeErrorType("Request constructor: 1 argument required, but only 0 present.");
    if (init !== undefined && init !== null && !isRecord(init)) throw new TypeErrorType('Request: the options are an object');
    const from = typeof input === 'object' && input !== null && #url in input ? input : undefined;
    const { method = from?.method, headers = from?.headers, body, redirect = from?.redirect, signal = from?.signal } = init ?? {};
    this.#url = from === undefined ? addressOf(input) : from.url;
    if (method !== undefined) this.#method = methodOf(method);
    if (redirect !== undefined) this.#redirect = `${redirect}`;
    if (!apply(test, /^(?:follow|error|manual)$/, [this.#redirect])) throw new TypeErrorType('Request: redirect is follow, error or manual');
    if (signal !== undefined && signal !== null) {
      if (!isSignal(signal)) throw new TypeErrorType('Request: signal is not an AbortSignal');
      this.#signal = signal;
    }
    let content;
    if (body !== undefined && body !== null) content = extract(body);
    else if (from !== undefined) content = shared(from);
    if (content !== undefined && (this.#method === 'GET' || this.#method === 'HEAD')) {
      throw new TypeErrorType('Request with GET/HEAD method cannot have body.');
    }
    this.#headers = headersFor(headers, content);
    give(this, content);
    if (from !== undefined && content === contentOf(from)) use(from);
  }

  static { signalOf = (request) => request.#signal; }

  get url() { return this.#url; }
  get method() { return this.#method; }
  get headers() { return this.#headers; }
  get redirect() { return this.#redirect; }
  get signal() { return this.#signal ??= new Controller().signal; }

  clone() {
    const content = shared(this), { headers, redirect } = this;
    const copy = new Request(this.#url, { method: this.#method, headers, redirect, signal: this.#signal });
    give(copy, content);
    return copy;
  }
}

class Response extends Body {
  #status = 200;
  #statusText = '';
  #headers;
  #type = 'default';
  #url = '';
  #isRedirected = false;

  constructor(body, init) {
    super();
    if (init !== undefined && init !== null && !isRecord(init)) throw new TypeErrorType('Response: the options are an object');
    const { status, statusText, headers } = init ?? {};
    if (status !== undefined) {
      const number = +status | 0;
      if (number < 200 || number > 599) throw new RangeErrorType('init["status"] must be in the range of 200 to 599, inclusive.');
      this.#status = number;
    }
    if (statusText !== undefined) {
      this.#statusText = `${statusText}`;
      if (!apply(test, /^[\t\x20-\x7e\x80-\xff]*$/, [this.#statusText])) throw new TypeErrorType('Invalid statusText');
    }
    const content = body === undefined || body === null ? undefined : extract(body);
    if (content !== undefined && (this.#status === 204 || this.#status === 205 || this.#status === 304)) {
      throw new TypeErrorType(`Response constructor: Invalid response status code ${this.#status}`);
    }
    this.#headers = headersFor(headers, content);
    give(this, content);
  }

  static #of(parts) {
    const response = new Response();
    response.#status = parts.status;
    response.#statusText = parts.statusText;
    response.#headers = parts.headers;
    response.#type = parts.type;
    response.#url = parts.url;
    response.#isRedirected = parts.redirected;
    give(response, parts.content);
    return response;
  }

  static { responseOf = (parts) => Response.#of(parts); }

  static error() { return Response.#of({ status: 0, statusText: '', headers: new HeaderList(), type: 'error', url: '', redirected: false }); }

  static json(data, init) {
    const text = stringify(data);
    if (text === undefined) throw new TypeErrorType('Value is not JSON serializable');
    const response = new Response(text, init);
    if (!apply(hasHeader, new HeaderList(init?.headers), ['content-type'])) response.#headers.set('content-type', 'application/json');
    return response;
  }

  static redirect(url, status = 302) {
    const to = addressOf(url), number = +status | 0;
    if (number !== 301 && number !== 302 && number !== 303 && number !== 307 && number !== 308) throw new RangeErrorType(`Invalid status code ${status}`);
    const headers = new HeaderList([['location', to]]);
    return Response.#of({ status: number, statusText: '', headers, type: 'default', url: '', redirected: false });
  }

  get type() { return this.#type; }
  get url() { return this.#url; }
  get redirected() { return this.#isRedirected; }
  get status() { return this.#status; }
  get ok() { return this.#status >= 200 && this.#status <= 299; }
  get statusText() { return this.#statusText; }
  get headers() { return this.#headers; }

  clone() {
    const content = shared(this), headers = new HeaderList(this.#headers);
    return Response.#of({
      status: this.#status, statusText: this.#statusText, headers, type: this.#type, url: this.#url, redirected: this.#isRedirected, content,
    });
  }
}

// The arguments of the tool: only what differs from its defaults, so that a person who approves it reads no more.
function argumentsOf(request, data) {
  const args = { __proto__: null, url: request.url }, headers = { __proto__: null };
  let any = false;
  apply(eachHeader, request.headers, [(value, name) => { [headers[name], any] = [value, true]; }]);
  if (request.method !== 'GET') args.method = request.method;
  if (any) args.headers = headers;
  if (data !== undefined) args.body = data;
  if (request.redirect !== 'follow') args.redirect = request.redirect;
  return args;
}

function faultOf(error) {
  const fault = new TypeErrorType(isRecord(error) ? error.message : `${error}`, { cause: error });
  if (isRecord(error) && error.code !== undefined) {
    defineProperty(fault, 'code', { __proto__: null, value: error.code, writable: true, enumerable: true, configurable: true });
  }
  return fault;
}

// Settles with the call, or when the signal is aborted. After an abort the host's request continues to its own end.
function until(signal, call) {
  if (signal === undefined) return call;
  return new PromiseType((resolve, reject) => {
    const stop = () => reject(apply(reasonOf, signal, []));
    const leave = (settle) => (value) => {
      apply(removeEventListener, signal, ['abort', stop]);
      settle(value);
    };
    apply(addEventListener, signal, ['abort', stop]);
    apply(then, call, [leave(resolve), leave(reject)]);
  });
}

async function ask(request, signal) {
  const sent = shared(request);
  let data = sent?.data;
  if (sent?.parts !== undefined) data = await bytesOf(sent);
  const call = apply(then, callTool('fetch', argumentsOf(request, data)), [undefined, (error) => { throw faultOf(error); }]);
  let answer = await until(signal, call);
  if (typeof answer.load === 'function') answer = await answer.load();
  const { status, statusText, url, redirected, headers, body } = answer;
  const content = body === null || body === undefined ? undefined : { __proto__: null, data: body, type: '' };
  return responseOf({ status, statusText, url, redirected, headers: new HeaderList(headers), type: 'basic', content });
}

let given = { __proto__: null, Request, Response }, taken = 0;

function fetch(input, init = undefined) {
  // The libraries Request and Response take their types from here, each once, before any script runs.
  if (given !== undefined) {
    const type = given[input];
    if (++taken === 2) given = undefined;
    return type;
  }
  return start(arguments.length, input, init);
}

async function start(count, input, init) {
  if (count === 0) throw new TypeErrorType("fetch: 1 argument required, but only 0 present.");
  const request = new Request(input, init), signal = signalOf(request);
  if (signal !== undefined && apply(abortedOf, signal, [])) throw apply(reasonOf, signal, []);
  return await ask(request, signal);
}

defineProperty(BodyStream.prototype, asyncIterator, { __proto__: null, value: BodyStream.prototype.values, writable: true, configurable: true });
const names = [[BodyStream, 'ReadableStream'], [Request, 'Request'], [Response, 'Response']];
for (let i = 0; i < names.length; i++) defineProperty(names[i][0].prototype, toStringTag, { __proto__: null, value: names[i][1], configurable: true });
defineProperty(Response, 'length', { __proto__: null, value: 0 });
module.exports = fetch;
