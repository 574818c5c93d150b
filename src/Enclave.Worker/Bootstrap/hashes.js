// SHA-1 and SHA-2 (FIPS 180-4) and HMAC (RFC 2104), for crypto.subtle. In JavaScript, so that a run's limits of time and memory hold. Runs once, when the
// start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { apply } = Reflect;
  const { floor, pow } = Math;
  const Bytes = Uint8Array, Words = Int32Array;
  const { set, fill } = Object.getPrototypeOf(Uint8Array.prototype);

  // The first bits of the fractions of roots of primes: exact integers, as those of SHA-512 need more than a number has.
  function root(n, cubic, bits) {
    const wanted = BigInt(n) << BigInt(bits * (cubic ? 3 : 2));
    let low = 0n, high = 1n << BigInt(bits + 10);
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** (cubic ? 3n : 2n) <= wanted) low = middle;
      else high = middle;
    }
    return BigInt.asUintN(bits, low);
  }
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  const upper = (value) => Number(value >> 32n) | 0, lower = (value) => Number(value & 0xffffffffn) | 0;
  // Upper and lower halves in turn.
  const halves = (numbers) => new Words(numbers.flatMap((value) => [upper(value), lower(value)]));
  const k256 = new Words(primes.slice(0, 64).map((p) => lower(root(p, true, 32))));
  const k512 = halves(primes.map((p) => root(p, true, 64)));
  const starts = {
    __proto__: null,
    'SHA-1': new Words([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]),
    'SHA-256': new Words(primes.slice(0, 8).map((p) => lower(root(p, false, 32)))),
    'SHA-384': halves(primes.slice(8, 16).map((p) => root(p, false, 64))),
    'SHA-512': halves(primes.slice(0, 8).map((p) => root(p, false, 64))),
  };

  const word = (bytes, at) => (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];

  function sha1(h, bytes, at, w) {
    for (let i = 0; i < 16; i++) w[i] = word(bytes, at + 4 * i);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16];
      w[i] = (x << 1) | (x >>> 31);
    }
    let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (let i = 0; i < 80; i++) {
      const f = i < 20 ? ((b & c) | (~b & d)) + 0x5a827999
        : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1 : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc : (b ^ c ^ d) + 0xca62c1d6;
      const next = (((a << 5) | (a >>> 27)) + f + e + w[i]) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
  }

  function sha256(h, bytes, at, w) {
    for (let i = 0; i < 16; i++) w[i] = word(bytes, at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3), s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], j = h[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (j + s1 + ((e & f) ^ (~e & g)) + k256[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      j = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
    h[5] += f;
    h[6] += g;
    h[7] += j;
  }

  // Adds lower halves as unsigned numbers; bits above 32 are carried to the upper half.
  const low = (sum) => sum | 0, carry = (sum) => floor(sum / 0x100000000);

  function sha512(h, bytes, at, w, v) {
    for (let i = 0; i < 32; i++) w[i] = word(bytes, at + 4 * i);
    for (let i = 32; i < 160; i += 2) {
      const xh = w[i - 30], xl = w[i - 29], yh = w[i - 4], yl = w[i - 3];
      const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7), s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^
        ((xl >>> 7) | (xh << 25));
      const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6), s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^
        ((yl >>> 6) | (yh << 26));
      const sum = (w[i - 31] >>> 0) + (s0l >>> 0) + (w[i - 13] >>> 0) + (s1l >>> 0);
      w[i + 1] = low(sum);
      w[i] = w[i - 32] + s0h + w[i - 14] + s1h + carry(sum);
    }
    for (let i = 0; i < 16; i++) v[i] = h[i];
    for (let i = 0; i < 160; i += 2) {
      const ah = v[0], al = v[1], eh = v[8], el = v[9];
      const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
      const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
      const ch = (eh & v[10]) ^ (~eh & v[12]), cl = (el & v[11]) ^ (~el & v[13]);
      const sum1 = (v[15] >>> 0) + (s1l >>> 0) + (cl >>> 0) + (k512[i + 1] >>> 0) + (w[i + 1] >>> 0);
      const t1h = (v[14] + s1h + ch + k512[i] + w[i] + carry(sum1)) | 0, t1l = low(sum1);
      const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
      const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
      const mh = (ah & v[2]) ^ (ah & v[4]) ^ (v[2] & v[4]), ml = (al & v[3]) ^ (al & v[5]) ^ (v[3] & v[5]);
      const dl = (v[7] >>> 0) + (t1l >>> 0), sum2 = (t1l >>> 0) + (s0l >>> 0) + (ml >>> 0);
      const dh = (v[6] + t1h + carry(dl)) | 0;
      for (let j = 15; j > 1; j--) v[j] = v[j - 2];
      v[8] = dh;
      v[9] = low(dl);
      v[0] = (t1h + s0h + mh + carry(sum2)) | 0;
      v[1] = low(sum2);
    }
    for (let i = 0; i < 16; i += 2) {
      const sum = (h[i + 1] >>> 0) + (v[i + 1] >>> 0);
      h[i + 1] = low(sum);
      h[i] += v[i] + carry(sum);
    }
  }

  const kinds = {
    __proto__: null,
    'SHA-1': { __proto__: null, block: 64, size: 20, step: sha1, words: 80 },
    'SHA-256': { __proto__: null, block: 64, size: 32, step: sha256, words: 64 },
    'SHA-384': { __proto__: null, block: 128, size: 48, step: sha512, words: 160 },
    'SHA-512': { __proto__: null, block: 128, size: 64, step: sha512, words: 160 },
  };

  // The hash of one or two pieces.
  function hash(name, first, second) {
    const { block, size, step, words } = kinds[name];
    const h = new Words(starts[name]), w = new Words(words), v = new Words(16), rest = new Bytes(2 * block);
    let used = 0, total = 0;
    for (let piece = 0; piece < 2; piece++) {
      const bytes = piece === 0 ? first : second;
      if (bytes === undefined) continue;
      total += bytes.length;
      let at = 0;
      while (used > 0 && used < block && at < bytes.length) rest[used++] = bytes[at++];
      if (used === block) {
        step(h, rest, 0, w, v);
        used = 0;
      }
      if (used > 0) continue;
      for (; at + block <= bytes.length; at += block) step(h, bytes, at, w, v);
      while (at < bytes.length) rest[used++] = bytes[at++];
    }
    const end = used + 1 + block / 8 <= block ? block : 2 * block;
    rest[used] = 0x80;
    apply(fill, rest, [0, used + 1]);
    for (let i = 0, bits = total * 8; i < 7; i++) rest[end - 1 - i] = floor(bits / pow(256, i)) & 0xff;
    for (let at = 0; at < end; at += block) step(h, rest, at, w, v);
    const out = new Bytes(size);
    for (let i = 0; i < size; i++) out[i] = h[i >> 2] >>> (24 - 8 * (i & 3));
    return out;
  }

  function hmac(name, key, data) {
    const { block } = kinds[name], short = key.length > block ? hash(name, key) : key, inner = new Bytes(block), outer = new Bytes(block);
    apply(set, inner, [short]);
    for (let i = 0; i < block; i++) {
      outer[i] = inner[i] ^ 0x5c;
      inner[i] ^= 0x36;
    }
    return hash(name, outer, hash(name, inner, data));
  }

  bridges.hashes = { __proto__: null, kinds, hash, hmac };
})
