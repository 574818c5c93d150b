namespace Enclave.Attacks.Tests.Soak;

/// <summary>The first steps of every job in a soak: it looks for other jobs' markers in every possible place, then leaves its own there.</summary>
internal static class Markers
{
    public const string Start = "soak!", Leak = "SOAK-LEAK";

    /// <summary>The fewest places in which a job must find its own marker again. Otherwise the search would prove nothing.</summary>
    public const int LeastPlaces = 8;

    /// <summary>The global <c>marker</c> is the job's own.</summary>
    public const string Prelude =
        """
        const soakSeek = (own) => {
          const found = [];
          const foreign = (text) => typeof text === 'string' && text.includes('soak!') && !text.includes(own);
          const look = (where, object) => {
            for (const key of Reflect.ownKeys(object)) {
              const value = Object.getOwnPropertyDescriptor(object, key)?.value;
              if (foreign(typeof key === 'symbol' ? key.description : key) || foreign(value)) found.push(where + '.' + String(key) + ' ' + String(value));
            }
          };
          for (const [where, object] of Object.entries({
            globalThis, JSON, Math, Reflect, Object, Array, Function, String, Number, Promise, Error, RegExp, Map, Set, Date, ArrayBuffer, Uint8Array })) {
            look(where, object);
            if (object.prototype) look(where + '.prototype', object.prototype);
          }
          for (const name of ['input', 'lastMatch', '$1']) if (foreign(RegExp[name])) found.push('RegExp ' + RegExp[name]);
          for (const bytes of [16, 1000, 4096, 65536, 200000]) {
            const words = new Uint32Array(new ArrayBuffer(bytes));
            for (let i = 0; i < words.length; i++) {
              if (words[i] !== 0) { found.push('a buffer of ' + bytes); break; }
            }
          }
          return found;
        };
        const soakFound = soakSeek(marker);
        if (soakFound.length > 0) throw new Error('SOAK-LEAK ' + soakFound.join('; '));
        for (const place of [
          globalThis, Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype, Error.prototype, JSON, Math, Map]) {
          place['left_' + marker] = marker;
        }
        globalThis[Symbol.for(marker)] = marker;
        /(soak!.*)/.exec(marker);
        const soakKept = new Uint8Array(65536).fill(0x73);

        """;

    /// <summary>One for each job. None contains another.</summary>
    public static string Of(int tenant, long job) => $"{Start}{tenant}!{job}!";

    /// <summary>True if a text contains another job's marker.</summary>
    public static bool IsForeign(string text, string own)
    {
        for (int at = text.IndexOf(Start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Start, at + 1, StringComparison.Ordinal))
        {
            // Console output and messages are cut at their limit, so a marker may be cut too.
            ReadOnlySpan<char> here = text.AsSpan(at, Math.Min(own.Length, text.Length - at));
            if (!own.AsSpan().StartsWith(here, StringComparison.Ordinal)) return true;
        }

        return text.Contains(Leak, StringComparison.Ordinal);
    }
}
