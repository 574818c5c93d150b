// URL: https://url.spec.whatwg.org/#url-parsing, by parts instead of states. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { link, refresh, encoded, decoded } = bridges.query;
  const { defineProperty } = Object;
  const { floor, pow } = Math;
  const Params = URLSearchParams, TypeErrorType = TypeError;

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
  const forbidden = among('\0\t\n\r #/:<>?@[\\]^|'), forbiddenDomain = (code) => forbidden(code) || code < 0x20 || code === 0x25 || code === 0x7f;
  const hasAny = (text, test) => {
    for (let i = 0; i < text.length; i++) if (test(text.charCodeAt(i))) return true;
    return false;
  };

  // RFC 3492, 6.3.
  function punycode(label) {
    const points = [...label];
    let out = points.filter((c) => c < '\x80').join(''), handled = out.length, n = 128, delta = 0, bias = 72;
    const basic = handled;
    if (basic > 0) out += '-';
    const digit = (d) => String.fromCharCode(d < 26 ? d + 97 : d + 22);
    while (handled < points.length) {
      let next = 0x110000;
      for (const c of points) if (c.codePointAt(0) >= n && c.codePointAt(0) < next) next = c.codePointAt(0);
      delta += (next - n) * (handled + 1);
      n = next;
      for (const c of points) {
        const code = c.codePointAt(0);
        if (code < n) delta++;
        if (code !== n) continue;
        let q = delta;
        for (let k = 36; ; k += 36) {
          const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
          if (q < t) break;
          out += digit(t + ((q - t) % (36 - t)));
          q = floor((q - t) / (36 - t));
        }
        out += digit(q);
        delta = handled === basic ? floor(delta / 700) : delta >> 1;
        delta += floor(delta / (handled + 1));
        for (bias = 0; delta > 455; bias += 36) delta = floor(delta / 35);
        bias += floor(36 * delta / (delta + 38));
        delta = 0;
        handled++;
      }
      delta++;
      n++;
    }
    return `xn--${out}`;
  }

  // A DNS label has at most 63 characters. A longer one is invalid, and punycode needs quadratic time.
  function domain(text) {
    const labels = text.normalize('NFKC').toLowerCase().replace(/[\u3002\uff0e\uff61]/g, '.').replace(/\u00ad/g, '').split('.');
    for (let i = 0; i < labels.length; i++) {
      if (!/[^\0-\x7f]/.test(labels[i])) continue;
      if (labels[i].length > 63) return undefined;
      labels[i] = punycode(labels[i]);
    }
    return labels.join('.');
  }

  function ipv4(host) {
    const parts = host.split('.');
    if (parts.length > 1 && parts[parts.length - 1] === '') parts.length--;
    const last = parts[parts.length - 1];
    if (!/^(?:[0-9]+|0[xX][0-9a-fA-F]*)$/.test(last)) return host;
    if (parts.length > 4) return undefined;
    let address = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      const number = /^0[xX][0-9a-fA-F]*$/.test(part)
        ? (part.length === 2 ? 0 : parseInt(part, 16))
        : /^0[0-7]+$/.test(part) ? parseInt(part, 8) : /^(?:0|[1-9][0-9]*)$/.test(part) ? Number(part) : NaN;
      if (!(number < (i === parts.length - 1 ? pow(256, 5 - parts.length) : 256))) return undefined;
      address += i === parts.length - 1 ? number : number * pow(256, 3 - i);
    }
    return `${floor(address / 0x1000000)}.${floor(address / 0x10000) & 255}.${floor(address / 0x100) & 255}.${address & 255}`;
  }

  function ipv6(text) {
    const halves = text.split('::');
    if (halves.length > 2 || text.length > 64) return undefined;
    const groups = [];
    for (let h = 0; h < halves.length; h++) {
      groups[h] = [];
      const parts = halves[h] === '' ? [] : halves[h].split(':');
      for (let i = 0; i < parts.length; i++) {
        const four = i === parts.length - 1 && h === halves.length - 1 && /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(parts[i])
          ? parts[i].split('.').map(Number)
          : undefined;
        if (four !== undefined && four.every((n) => n < 256)) groups[h].push(four[0] * 256 + four[1], four[2] * 256 + four[3]);
        else if (/^[0-9a-fA-F]{1,4}$/.test(parts[i])) groups[h].push(parseInt(parts[i], 16));
        else return undefined;
      }
    }
    const missing = 8 - groups[0].length - (groups[1]?.length ?? 0);
    if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
    const all = halves.length === 1 ? groups[0] : [...groups[0], ...new Array(missing).fill(0), ...groups[1]];
    let best = -1, length = 1;
    for (let i = 0; i < 8; i++) {
      let run = 0;
      while (i + run < 8 && all[i + run] === 0) run++;
      if (run > length) [best, length] = [i, run];
    }
    const hex = (from, to) => all.slice(from, to).map((n) => n.toString(16)).join(':');
    return best < 0 ? `[${hex(0, 8)}]` : `[${hex(0, best)}::${hex(best + length, 8)}]`;
  }

  function hostOf(text, special) {
    if (text[0] === '[') return text[text.length - 1] === ']' ? ipv6(text.slice(1, -1)) : undefined;
    if (!special) return hasAny(text, forbidden) ? undefined : encoded(text, none);
    const ascii = domain(decoded(text));
    return ascii === undefined || ascii === '' || hasAny(ascii, forbiddenDomain) ? undefined : ipv4(ascii);
  }

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
    else url.opaque = encoded(rest, none);
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

    constructor(input, base) {
      if (arguments.length === 0) throw new TypeErrorType('URL needs a text');
      this.#url = made(input, base);
      if (this.#url === undefined) throw new TypeErrorType(base === undefined ? `Invalid URL: '${input}'` : `Invalid URL: '${input}' with base '${base}'`);
    }

    static canParse(input, base) { return made(input, base) !== undefined; }
    static parse(input, base) { return URL.canParse(input, base) ? new URL(input, base) : null; }

    // A change that would make the URL invalid is ignored.
    #change(change) {
      const url = { __proto__: null, ...this.#url, path: [...this.#url.path] };
      if (change(url) !== undefined) this.#url = url;
    }

    get href() { return href(this.#url); }
    set href(value) {
      const url = parse(`${value}`);
      if (url === undefined) throw new TypeErrorType(`Invalid URL: '${value}'`);
      this.#url = url;
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
      const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*/.exec(`${value}`)?.[0].toLowerCase();
      if (scheme === undefined || (`${scheme}:` in ports) !== isSpecial(this.#url) || scheme === 'file' || this.#url.scheme === 'file:') return;
      this.#url.scheme = `${scheme}:`;
      if (ports[this.#url.scheme] === this.#url.port) this.#url.port = '';
    }
    get username() { return this.#url.username; }
    set username(value) { if (this.#url.host) this.#url.username = encoded(`${value}`, userSet); }
    get password() { return this.#url.password; }
    set password(value) { if (this.#url.host) this.#url.password = encoded(`${value}`, userSet); }
    get host() { return hostText(this.#url); }
    set host(value) {
      if (this.#url.scheme === 'file:') {
        this.hostname = value;
        return;
      }
      const [, host, port] = /^(\[[^\]]*\]|[^:/?#\\]*)(?::([0-9]*))?/.exec(`${value}`);
      this.hostname = host;
      if (port) this.port = port;
    }
    get hostname() { return this.#url.host ?? ''; }
    set hostname(value) {
      if (this.#url.opaque !== undefined) return;
      this.#change((url) => {
        url.host = hostOf((url.scheme === 'file:' ? /^[^/?#\\]*/ : /^(?:\[[^\]]*\]|[^:/?#\\]*)/).exec(`${value}`)[0], isSpecial(url));
        return url.host;
      });
    }
    get port() { return this.#url.port; }
    set port(value) {
      if (!this.#url.host || this.#url.scheme === 'file:') return;
      this.#change((url) => (`${value}` !== '' && !/^[0-9]/.test(`${value}`) ? undefined : setPort(url, /^[0-9]*/.exec(`${value}`)[0])));
    }
    get pathname() { return pathOf(this.#url); }
    set pathname(value) {
      if (this.#url.opaque !== undefined) return;
      this.#change((url) => {
        const text = encoded(`${value}`, among('?#'));
        return setAbsolute(url, text[0] === '/' || (isSpecial(url) && text[0] === '\\') ? text : `/${text}`);
      });
    }
    get search() { return this.#url.query ? `?${this.#url.query}` : ''; }
    set search(value) {
      const text = `${value}`;
      setQuery(this.#url, text === '' ? null : text.replace(/^\?/, ''));
      if (this.#params !== undefined) refresh(this.#params, this.#url.query ?? '');
    }
    get searchParams() {
      if (this.#params === undefined) {
        this.#params = new Params(this.#url.query ?? '');
        link(this.#params, (query) => { this.#url.query = query === '' ? null : query; });
      }
      return this.#params;
    }
    get hash() { return this.#url.fragment ? `#${this.#url.fragment}` : ''; }
    set hash(value) { this.#url.fragment = `${value}` === '' ? null : encoded(`${value}`.replace(/^#/, ''), fragmentSet); }
    toString() { return href(this.#url); }
    toJSON() { return href(this.#url); }
  }

  defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL', configurable: true });
  defineProperty(globalThis, 'URL', { value: URL, writable: true, enumerable: false, configurable: true });
})
