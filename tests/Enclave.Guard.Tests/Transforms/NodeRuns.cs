using System.Text.Json;
using Enclave.JavaScript.Tests;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>Runs transformed programs in the pinned node, with substitutes for the worker's functions.</summary>
internal static class NodeRuns
{
    // Enough for node to answer well within its deadline.
    private const int Batch = 1_000;

    // __t_free sees the keys that the transform left alone.
    private const string Harness = """
        const { inspect } = require('util');
        const blocked = new Set(['constructor', '__proto__', 'prototype', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__']);
        const toKey = (v) => typeof v === 'symbol' ? v : Reflect.ownKeys({ __proto__: null, [v]: 1 })[0];
        async function run(code) {
          let missed = 0;
          const limit = () => { throw new RangeError('limit'); };
          const key = (v) => { const k = toKey(v); if (blocked.has(k)) throw new TypeError('blocked'); return k; };
          const free = (v) => { const k = toKey(v); if (blocked.has(k)) missed++; return k; };
          let outcome;
          try {
            const body = `async function () { "use strict"; ${code}\n}`;
            const make = (0, eval)(`(function (__ag_limit, __ag_key, __ag_each, __ag_total, __t_free) { let __ag_n = 0; return ${body}; })`);
            outcome = inspect(await make(limit, key, 5000, 50000, free)(), { depth: 9 });
          } catch (e) {
            outcome = `threw ${e?.name ?? e} ${e instanceof SyntaxError ? e.message : ''}`;
          }
          return [outcome, missed];
        }
        process.on('unhandledRejection', () => {});
        (async () => {
          const out = [];
          for (const code of JSON.parse(input)) out.push(await run(code));
          console.log(JSON.stringify(out));
        })();
        """;

    /// <summary>The outcome of each program, and the number of dangerous keys that passed the transform.</summary>
    public static async Task<List<(string Outcome, int Missed)>> Run(IEnumerable<string> programs)
    {
        List<(string, int)> all = [];
        foreach (string[] batch in programs.Chunk(Batch))
        {
            using var answer = JsonDocument.Parse(await PinnedNode.Run(Harness, JsonSerializer.Serialize(batch)));
            all.AddRange(answer.RootElement.EnumerateArray().Select((one) => (one[0].GetString()!, one[1].GetInt32())));
        }

        return all;
    }
}
