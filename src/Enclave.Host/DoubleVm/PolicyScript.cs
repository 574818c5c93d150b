using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Limits;
using Enclave.Runs;

namespace Enclave.DoubleVm;

/// <summary>
/// Makes the program of the outer isolate: the operator's policy, checked and printed like every
/// script, inside the loop that takes calls and returns answers.
/// </summary>
/// <remarks>
/// The loop has one lane for each call in progress, and one that waits. Each lane asks for the next call in the same message that has the answer to its
/// last one, so a call costs two messages. Names of the loop begin with a prefix that no script may use. The policy sees only copies of the script's data.
/// </remarks>
internal static class PolicyScript
{
    /// <summary>The operations of the bridge between the loop and the host.</summary>
    public const string Next = "outer:next", Call = "outer:call";

    private const string AllowAll = "(call) => true";

    // The counter of the policy's iterations is reset for each call: a long run is not a long loop.
    private const string Before = "let __ag_n = 0; const __ag_bridge = callTool; const __ag_policy = async (callTool, parallel) => {\n";

    private const string After = """

        };
        const __ag_loop = async () => {
          const { freeze, isFrozen, keys } = Object, { isArray } = Array;
          const shown = 100;
          const value = await __ag_policy();
          const judge = typeof value === 'function' ? value : value?.call;
          const review = typeof value === 'function' ? undefined : value?.result;
          if (typeof judge !== 'function' || (review !== undefined && typeof review !== 'function')) {
            throw new TypeError('the policy is neither an arrow function nor an object { call, result } of two');
          }
          const fixed = (data) => {
            if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data) || isFrozen(data)) return data;
            for (const key of keys(data)) fixed(data[key]);
            return freeze(data);
          };
          const read = (verdict, members) => {
            if (verdict === true || verdict === false) return { allow: verdict };
            if (typeof verdict !== 'object' || verdict === null || typeof verdict.allow !== 'boolean') throw new TypeError('no verdict');
            for (const key of keys(verdict)) if (!members.includes(key)) throw new TypeError('unknown member');
            return verdict;
          };
          const failed = (id, error) => ({ id, failed: typeof error?.stack === 'string' ? error.stack.slice(0, 4000) : 'a value that is not an error' });
          const refused = (id, verdict) => ({ id, refused: typeof verdict.reason === 'string' ? verdict.reason : '' });
          const earlier = [];
          const handle = async ({ id, call }) => {
            let verdict, name, args, outcome;
            try {
              __ag_n = 0;
              call.history = earlier.slice();
              verdict = read(await judge(fixed(call)), ['allow', 'name', 'args', 'reason']);
              name = verdict.name === undefined ? call.name : verdict.name;
              args = verdict.args === undefined ? call.args : verdict.args;
              if (typeof name !== 'string' || name === '' || name.length > 256) throw new TypeError('no name');
              if (typeof args !== 'object' || args === null || isArray(args)) throw new TypeError('no arguments');
            } catch (error) {
              return failed(id, error);
            } finally {
              earlier.push(freeze({ callNumber: id, name: call.name, allowed: verdict?.allow === true }));
              if (earlier.length > shown) earlier.shift();
            }
            if (!verdict.allow) return refused(id, verdict);
            let under;
            try {
              under = __ag_bridge('outer:call', { id, name, args });
            } catch (error) {
              return failed(id, error);
            }
            try {
              outcome = await under;
            } catch (error) {
              if (error?.code !== 'TOOL_RESULT_TOO_LARGE') throw error;
              return { id, large: true };
            }
            if (outcome === null || outcome.failed) return { id };
            if (review === undefined) return { id, value: outcome.value };
            try {
              __ag_n = 0;
              verdict = read(await review(call, fixed(outcome.value)), ['allow', 'value', 'reason']);
            } catch (error) {
              return failed(id, error);
            }
            if (!verdict.allow) return refused(id, verdict);
            return { id, value: keys(verdict).includes('value') ? verdict.value : outcome.value };
          };
          await new Promise((resolve, reject) => {
            let lanes = 0, waiting = 0;
            const lane = async () => {
              for (let report = {}; ;) {
                let asked;
                try {
                  asked = __ag_bridge('outer:next', report);
                } catch (error) {
                  asked = __ag_bridge('outer:next', failed(report.id, error));
                }
                waiting++;
                const next = await asked;
                waiting--;
                if (next === null) return;
                if (waiting === 0) open();
                report = await handle(next);
              }
            };
            const open = () => {
              lanes++;
              lane().then(() => { if (--lanes === 0) resolve(); }, reject);
            };
            open();
          });
        };
        await __ag_loop();
        """;

    /// <summary>Checks a policy and inserts it into the loop.</summary>
    /// <exception cref="ArgumentException">The guard refuses it. The message has each reason with its line and a replacement.</exception>
    public static GuardedScript Read(string? policy, SecurityLevel level, IReadOnlyCollection<string> globals)
    {
        var guard = new ScriptGuard(new GuardSettings
        {
            Level = LevelTable.Of(level).Guard,
            Preset = GuardPreset.AgentScript,
            // A policy decides from its input: a tool call of its own would need another policy.
            Options = GuardOptions.Default with { AdditionalDisallowedIdentifiers = ["callTool", "parallel"] },
            Checks = StaticChecks.On,
            CacheBytes = 0,
        });
        ValidationResult verdict = guard.Examine(policy ?? AllowAll, globals);
        if (!verdict.IsAccepted) throw new ArgumentException($"DoubleVm.ToolPolicy is refused: {Refusal.Reasons(verdict)}: docs/double-vm.md");
        return verdict.Script.Within(Before, After);
    }
}
