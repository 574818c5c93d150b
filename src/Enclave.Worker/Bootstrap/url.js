// URL: https://url.spec.whatwg.org/#url-parsing, by parts instead of states. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { link, refresh, encoded } = bridges.query;
  const { hostOf } = bridges;
  const { defineProperty } = Object;
  const Params = URLSearchParams, TypeErrorType = TypeError, { apply } = Reflect, paramsText = URLSearchParams.prototype.toString;

  const ports = { __proto__: null, 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
  const isSpecial = (url) => url.scheme in ports;

  // The percent-encode sets of the standard, without the characters that encoded() always encodes.
  const among = (characters) => {
    const codes = { __proto__: null };
    for (let i = 0; i < characters.length; i++) codes[characters.charCodeAt(i)] = true;
    return (code) => codes[code] === true;
  };
  const fragmentSet = among(' "<>`'), querySet = among(' "#<>'), specialQuerySet = among(' "#<>\''), pathSet = among(' "#<>?^`{}'),
    userSet = among(' "#<>?^`{}/:;=@[\\]|'), none = () => false;
  const inner = (value) => `${value}`.replace(/[\t\n\r]+/g, '');

  const isDrive = (segment) => segment.length === 2 && /^[a-zA-Z][:|]$/.test(segment);
  const startsWithDrive = (text) => /^[a-zA-Z][:|](?:[/\\?#]|$)/.test(text);

  function shorten(url) {
    if (url.scheme === 'file:' && url.path.length === 1 && /^[a-zA-Z]:$/.test(url.path[0])) return;
    url.path.length = url.path.length > 0 ? url.path.length - 1 : 0;
  }

  function setPath(url, text) {
    const segments = text.split(isSpecial(url) ? /[/\\]/ : '/');
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i], isLast = i === segments.length - 1, plain = segment.toLowerCase().replaceAll('%2e', '.');
      if (plain === '..') {
        shorten(url);
        if (isLast) url.path.push('');
      } else if (plain === '.') {
        if (isLast) url.path.push('');
      } else {
        url.path.push(url.scheme === 'file:' && url.path.length === 0 && isDrive(segment) ? `${segment[0]}:` : encoded(segment, pathSet));
      }
    }
    return url;
  }

  // The path behind an authority, or one that begins with a slash.
  function setAbsolute(url, text) {
    url.path = [];
    if (text === '' && !isSpecial(url)) return url;
    return setPath(url, /^[/\\]/.test(text) && (text[0] === '/' || isSpecial(url)) ? text.slice(1) : text);
  }

  function setPort(url, text) {
    if (text === '') return (url.port = '', url);
    if (!/^[0-9]+$/.test(text) || !(Number(text) <= 65535)) return undefined;
    const port = String(Number(text));
    url.port = ports[url.scheme] === port ? '' : port;
    return url;
  }

  function setAuthority(url, text) {
    const end = text.search(isSpecial(url) ? /[/\\]/ : /\//), authority = end < 0 ? text : text.slice(0, end), at = authority.lastIndexOf('@');
    if (at >= 0) {
      const user = authority.slice(0, at), colon = user.indexOf(':');
      url.username = encoded(colon < 0 ? user : user.slice(0, colon), userSet);
      url.password = colon < 0 ? '' : encoded(user.slice(colon + 1), userSet);
    }
    const where = authority.slice(at + 1), colon = where.indexOf(':', where.lastIndexOf(']') + 1), host = colon < 0 ? where : where.slice(0, colon);
    if (host === '' && (isSpecial(url) || at >= 0 || colon >= 0)) return undefined;
    url.host = host === '' ? '' : hostOf(host, isSpecial(url));
    if (url.host === undefined || (colon >= 0 && setPort(url, where.slice(colon + 1)) === undefined)) return undefined;
    return setAbsolute(url, end < 0 ? '' : text.slice(end));
  }

  const hasUser = (url) => url.username !== '' || url.password !== '';
  // Whether a user and a port may be set.
  const hasPlace = (url) => url.host && url.scheme !== 'file:';

  // The host state of the standard with a state override, whose port is ignored if it is wrong.
  function changeHost(url, text, isName) {
    const isFile = url.scheme === 'file:', [where] = (isSpecial(url) ? /^[^/?#\\]*/ : /^[^/?#]*/).exec(text);
    const colon = isFile ? -1 : /^(?:\[[^\]]*(?:\]|$)|[^[:])*/.exec(where)[0].length;
    const hasColon = colon >= 0 && colon < where.length, host = hasColon ? where.slice(0, colon) : where;
    if (hasColon && (isName || host === '')) return undefined;
    if (host === '' && !isFile && (isSpecial(url) || hasUser(url) || url.port !== '')) return undefined;
    const made = host === '' ? '' : hostOf(host, isSpecial(url));
    if (made === undefined) return undefined;
    url.host = isFile && made === 'localhost' ? '' : made;
    const port = hasColon ? /^[0-9]*/.exec(where.slice(colon + 1))[0] : '';
    if (port !== '') setPort(url, port);
    return url;
  }

  const inherit = (url, base) => {
    [url.username, url.password, url.host, url.port, url.path] = [base.username, base.password, base.host, base.port, [...base.path]];
    return url;
  };

  function setFile(url, text, base) {
    url.host = '';
    if (/^[/\\]{2}/.test(text)) {
      const rest = text.slice(2), end = rest.search(/[/\\]/), host = end < 0 ? rest : rest.slice(0, end);
      if (isDrive(host)) return setAbsolute(url, rest);
      if (host !== '') {
        url.host = hostOf(host, true);
        if (url.host === undefined) return undefined;
        if (url.host === 'localhost') url.host = '';
      }
      return setAbsolute(url, end < 0 ? '' : rest.slice(end));
    }
    if (/^[/\\]/.test(text)) {
      url.path = [];
      if (base?.scheme === 'file:') {
        url.host = base.host;
        if (!startsWithDrive(text.slice(1)) && base.path.length > 0 && /^[a-zA-Z]:$/.test(base.path[0])) url.path.push(base.path[0]);
      }
      return setPath(url, text.slice(1));
    }
    if (base?.scheme !== 'file:') return setAbsolute(url, text);
    inherit(url, base);
    if (text === '') return url;
    if (startsWithDrive(text)) url.path = [];
    else shorten(url);
    return setPath(url, text);
  }

  function setRelative(url, text, base) {
    const slashes = isSpecial(url) ? /^[/\\]+/.exec(text)?.[0] ?? '' : /^\/{0,2}/.exec(text)[0];
    if (slashes.length >= 2) return setAuthority(url, text.slice(slashes.length));
    inherit(url, base);
    if (slashes.length === 1) return setAbsolute(url, text);
    if (text === '') return url;
    shorten(url);
    return setPath(url, text);
  }

  const blank = (scheme) =>
    ({ __proto__: null, scheme, username: '', password: '', host: null, port: '', path: [], opaque: undefined, query: null, fragment: null });
  const setQuery = (url, text) => { url.query = text === null ? null : encoded(text, isSpecial(url) ? specialQuerySet : querySet); };

  // The parts of a URL; undefined if the text is not a URL.
  function parse(input, base) {
    let text = input.toWellFormed().replace(/^[\0- ]+/, '').replace(/[\t\n\r]+/g, ''), end = text.length;
    while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end--;
    text = text.slice(0, end);
    const mark = text.indexOf('#'), fragment = mark < 0 ? null : encoded(text.slice(mark + 1), fragmentSet);
    if (mark >= 0) text = text.slice(0, mark);
    const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.exec(text)?.[0].toLowerCase();
    if (scheme === undefined && base === undefined) return undefined;
    let url = blank(scheme ?? base.scheme), rest = scheme === undefined ? text : text.slice(scheme.length);
    if (scheme === undefined && base.opaque !== undefined && (rest !== '' || fragment === null)) return undefined;
    const ask = rest.indexOf('?'), query = ask < 0 ? null : rest.slice(ask + 1);
    if (ask >= 0) rest = rest.slice(0, ask);
    const isRelative = scheme === undefined || (scheme !== 'file:' && isSpecial(url) && base?.scheme === scheme && !rest.startsWith('//'));
    if (scheme === undefined && base.opaque !== undefined) url = { __proto__: null, ...base };
    else if (url.scheme === 'file:') url = setFile(url, rest, base);
    else if (isRelative) url = setRelative(url, rest, base);
    else if (isSpecial(url)) url = setAuthority(url, rest.replace(/^[/\\]+/, ''));
    else if (rest.startsWith('//')) url = setAuthority(url, rest.slice(2));
    else if (rest.startsWith('/')) url = setAbsolute(url, rest);
    // A space at the end would be lost when what follows is taken away.
    else url.opaque = encoded(query === null && fragment === null ? rest : rest.replace(/ $/, '%20'), none);
    if (url === undefined) return undefined;
    const inherits = query === null && rest === '' && (scheme === undefined || isRelative || (url.scheme === 'file:' && base?.scheme === 'file:'));
    if (inherits && base !== undefined) url.query = base.query;
    else setQuery(url, query);
    url.fragment = fragment;
    return url;
  }

  const pathOf = (url) => url.opaque ?? (url.path.length === 0 ? '' : `/${url.path.join('/')}`);
  const hostText = (url) => (url.host === null ? '' : url.port === '' ? url.host : `${url.host}:${url.port}`);

  function href(url) {
    const user = url.username !== '' || url.password !== '' ? `${url.username}${url.password === '' ? '' : `:${url.password}`}@` : '';
    // Two slashes at the beginning of a path would mark a host.
    const path = url.host === null && url.opaque === undefined && url.path.length > 1 && url.path[0] === '' ? `/.${pathOf(url)}` : pathOf(url);
    const host = url.host === null ? '' : `//${user}${hostText(url)}`;
    return `${url.scheme}${host}${path}${url.query === null ? '' : `?${url.query}`}${url.fragment === null ? '' : `#${url.fragment}`}`;
  }

  function made(input, base) {
    const from = base === undefined ? undefined : parse(`${base}`);
    return base !== undefined && from === undefined ? undefined : parse(`${input}`, from);
  }

  class URL {
    #url;
    #params;
    // True if the search parameters have changed and the query is not updated yet. It is updated when it is read, because each update writes all parameters.
    #isBehind = false;

    static { bridges.brand('URL', (value) => #url in value, (value) => href(value.#whole)); }

    constructor(input, base) {
      if (arguments.length === 0) throw new TypeErrorType('URL needs a text');
      this.#url = made(input, base);
      if (this.#url === undefined) throw new TypeErrorType(base === undefined ? `Invalid URL: '${input}'` : `Invalid URL: '${input}' with base '${base}'`);
    }

    static canParse(input, base) { return made(input, base) !== undefined; }
    static parse(input, base) { return URL.canParse(input, base) ? new URL(input, base) : null; }

    get #whole() {
      if (this.#isBehind) {
        const query = apply(paramsText, this.#params, []);
        this.#url.query = query === '' ? null : query;
        this.#isBehind = false;
      }
      return this.#url;
    }

    // A change that would make the URL invalid is ignored.
    #change(change) {
      const url = { __proto__: null, ...this.#url, path: [...this.#url.path] };
      if (change(url) !== undefined) this.#url = url;
    }

    get href() { return href(this.#whole); }
    set href(value) {
      const url = parse(`${value}`);
      if (url === undefined) throw new TypeErrorType(`Invalid URL: '${value}'`);
      this.#url = url;
      this.#isBehind = false;
      if (this.#params !== undefined) refresh(this.#params, url.query ?? '');
    }
    get origin() {
      if (this.#url.scheme === 'blob:') {
        const inner = parse(pathOf(this.#url));
        return inner?.scheme === 'http:' || inner?.scheme === 'https:' ? `${inner.scheme}//${hostText(inner)}` : 'null';
      }
      return isSpecial(this.#url) && this.#url.scheme !== 'file:' ? `${this.#url.scheme}//${hostText(this.#url)}` : 'null';
    }
    get protocol() { return this.#url.scheme; }
    set protocol(value) {
      const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*)(?::|$)/.exec(inner(value))?.[1].toLowerCase(), url = this.#url;
      if (scheme === undefined || (`${scheme}:` in ports) !== isSpecial(url)) return;
      if (scheme === 'file' ? hasUser(url) || url.port !== '' : url.scheme === 'file:' && !url.host) return;
      url.scheme = `${scheme}:`;
      if (ports[url.scheme] === url.port) url.port = '';
    }
    get username() { return this.#url.username; }
    set username(value) { if (hasPlace(this.#url)) this.#url.username = encoded(`${value}`, userSet); }
    get password() { return this.#url.password; }
    set password(value) { if (hasPlace(this.#url)) this.#url.password = encoded(`${value}`, userSet); }
    get host() { return hostText(this.#url); }
    set host(value) { if (this.#url.opaque === undefined) this.#change((url) => changeHost(url, inner(value), false)); }
    get hostname() { return this.#url.host ?? ''; }
    set hostname(value) { if (this.#url.opaque === undefined) this.#change((url) => changeHost(url, inner(value), true)); }
    get port() { return this.#url.port; }
    set port(value) {
      const text = inner(value);
      if (!hasPlace(this.#url) || (text === '' && `${value}` !== '')) return;
      this.#change((url) => (text !== '' && !/^[0-9]/.test(text) ? undefined : setPort(url, /^[0-9]*/.exec(text)[0])));
    }
    get pathname() { return pathOf(this.#url); }
    set pathname(value) {
      if (this.#url.opaque !== undefined) return;
      this.#change((url) => {
        const text = encoded(inner(value), among('?#'));
        if (text === '' && !isSpecial(url) && url.host !== null) return setAbsolute(url, '');
        return setAbsolute(url, text[0] === '/' || (isSpecial(url) && text[0] === '\\') ? text : `/${text}`);
      });
    }
    get search() { return this.#whole.query ? `?${this.#url.query}` : ''; }
    set search(value) {
      const text = `${value}`;
      this.#isBehind = false;
      setQuery(this.#url, text === '' ? null : inner(text.replace(/^\?/, '')));
      if (this.#params !== undefined) refresh(this.#params, this.#url.query ?? '');
    }
    get searchParams() {
      if (this.#params === undefined) {
        this.#params = new Params();
        refresh(this.#params, this.#url.query ?? '');
        link(this.#params, () => { this.#isBehind = true; });
      }
      return this.#params;
    }
    get hash() { return this.#url.fragment ? `#${this.#url.fragment}` : ''; }
    set hash(value) { this.#url.fragment = `${value}` === '' ? null : encoded(inner(`${value}`.replace(/^#/, '')), fragmentSet); }
    toString() { return href(this.#whole); }
    toJSON() { return href(this.#whole); }
  }

  defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL', configurable: true });
  defineProperty(globalThis, 'URL', { value: URL, writable: true, enumerable: false, configurable: true });
})
