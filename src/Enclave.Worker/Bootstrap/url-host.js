// Hosts of URLs: https://url.spec.whatwg.org/#host-parsing. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { encoded, decoded } = bridges.query;
  const { floor, pow } = Math;

  const among = (characters) => {
    const codes = { __proto__: null };
    for (let i = 0; i < characters.length; i++) codes[characters.charCodeAt(i)] = true;
    return (code) => codes[code] === true;
  };
  const none = () => false, forbidden = among('\0\t\n\r #/:<>?@[\\]^|');
  const forbiddenDomain = (code) => forbidden(code) || code < 0x20 || code === 0x25 || code === 0x7f;
  const hasAny = (text, test) => {
    for (let i = 0; i < text.length; i++) if (test(text.charCodeAt(i))) return true;
    return false;
  };
  // Characters that a domain may contain and that mean nothing.
  const ignored = /[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]/gu;
  // No label begins with a mark. The joiners stand behind marks, or between letters that join.
  const refused = new RegExp([
    '^\\p{M}', '^xn--', '(?![\\u200c\\u200d])[\\p{C}\\ufffd]', '(?<!\\p{M})\\u200d',
    '(?<![\\p{M}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Nko}])\\u200c',
  ].join('|'), 'u');

  const digits = 'abcdefghijklmnopqrstuvwxyz0123456789';

  // RFC 3492, 6.1.
  function adapted(given, count, isFirst) {
    let delta = isFirst ? floor(given / 700) : given >> 1, bias = 0;
    delta += floor(delta / count);
    for (; delta > 455; bias += 36) delta = floor(delta / 35);
    return bias + floor(36 * delta / (delta + 38));
  }

  // RFC 3492, 6.3.
  function punycode(label) {
    const points = [...label];
    let out = points.filter((c) => c < '\x80').join(''), handled = out.length, n = 128, delta = 0, bias = 72;
    const basic = handled;
    if (basic > 0) out += '-';
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
          out += digits[t + ((q - t) % (36 - t))];
          q = floor((q - t) / (36 - t));
        }
        out += digits[q];
        bias = adapted(delta, handled + 1, handled === basic);
        delta = 0;
        handled++;
      }
      delta++;
      n++;
    }
    return `xn--${out}`;
  }

  // RFC 3492, 6.2. Undefined if the text is not punycode.
  function unicode(text) {
    const at = text.lastIndexOf('-'), points = at < 0 ? [] : [...text.slice(0, at)];
    let n = 128, index = 0, bias = 72;
    for (let from = at + 1; from < text.length;) {
      const old = index;
      for (let weight = 1, k = 36; ; k += 36) {
        const value = digits.indexOf(text[from++] ?? ' ');
        if (value < 0) return undefined;
        index += value * weight;
        const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
        if (index > 0x7fffffff) return undefined;
        if (value < t) break;
        weight *= 36 - t;
      }
      const count = points.length + 1;
      bias = adapted(index - old, count, old === 0);
      n += floor(index / count);
      if (n > 0x10ffff) return undefined;
      index %= count;
      points.splice(index++, 0, String.fromCodePoint(n));
    }
    return points.join('');
  }

  const isAscii = (text) => !/[^\0-\x7f]/.test(text);

  // Undefined if it is not what Unicode's rules for domains make of it: https://www.unicode.org/reports/tr46, without its tables.
  function asciiLabel(label) {
    const isEncoded = label.startsWith('xn--');
    // A DNS label has at most 63 characters. A longer one is invalid, and punycode needs quadratic time.
    if (isEncoded && label.length > 63) return undefined;
    const shown = isEncoded ? unicode(label.slice(4)) : label;
    if (isAscii(shown ?? '')) return isEncoded ? undefined : label;
    if (shown.length > 63 || refused.test(shown) || (isEncoded && shown.normalize('NFKC').toLowerCase() !== shown)) return undefined;
    return isEncoded && punycode(shown) !== label ? undefined : punycode(shown);
  }

  function mapped(text) {
    // In ASCII nothing but capitals is mapped. Each pattern below costs a job that meets it first 30 µs or more.
    if (isAscii(text)) return text.toLowerCase();
    // A digit with its full stop would become two labels.
    if (/[\u2488-\u249b]/.test(text)) return undefined;
    // Without the form that the letter has at the end of a word.
    const plain = text.replace(ignored, '').normalize('NFKC').replaceAll('\u03a3', '\u03c3').toLowerCase().normalize('NFC');
    return plain.replace(/[\u3002\uff0e\uff61]/g, '.');
  }

  function domain(text) {
    const labels = mapped(text)?.split('.');
    if (labels === undefined) return undefined;
    for (let i = 0; i < labels.length; i++) {
      labels[i] = asciiLabel(labels[i]);
      if (labels[i] === undefined) return undefined;
    }
    return labels.join('.');
  }

  function ipv4(host) {
    const parts = host.split('.');
    if (parts.length > 1 && parts[parts.length - 1] === '') parts.length--;
    const last = parts[parts.length - 1];
    if (!(last >= '0' && last < ':') || !/^(?:[0-9]+|0[xX][0-9a-fA-F]*)$/.test(last)) return host;
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

  bridges.hostOf = (text, special) => {
    if (text[0] === '[') return text[text.length - 1] === ']' ? ipv6(text.slice(1, -1)) : undefined;
    if (!special) return hasAny(text, forbidden) ? undefined : encoded(text, none);
    const ascii = domain(decoded(text));
    return ascii === undefined || ascii === '' || hasAny(ascii, forbiddenDomain) ? undefined : ipv4(ascii);
  };
})
