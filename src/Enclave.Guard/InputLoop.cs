using System.Collections.Frozen;
using Enclave.Guard.Rules;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard;

// Many inputs in one run. The text of this class stands around the accepted program: a loop that runs the program once for each input, as a function of its
// own, and returns the values and the places of those that threw. The program cannot name the loop's variables (HiddenNames.Prefix). Iterations are counted
// for each input from zero; all other limits are the run's. The host repeats an input that failed in a run of its own, for the whole error.

/// <summary>Makes a program that runs an accepted one for each of many inputs.</summary>
internal static class InputLoop
{
    /// <summary>Names through which a program may reach a tool or the console, or reach all names.</summary>
    private static readonly FrozenSet<string> s_ways =
        RunGlobals.All.Concat(["callTool", ToolNamespaces.Root, "parallel", "fetch", "globalThis", "codemode", "console"])
            .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The program, once for each element of the global <see cref="HiddenNames.Inputs"/>.</summary>
    /// <param name="script">The accepted program.</param>
    /// <param name="input">The name by which the program reads its input. A variable of the program may hide it.</param>
    /// <remarks>The program returns two arrays: a value for each input, and the indexes of the inputs for which it threw.</remarks>
    public static GuardedScript Over(GuardedScript script, string input)
    {
        bool waits = script.Program.Body.Any(TopLevelAwait.In);
        string begin = waits ? "await(async()=>{" : "(()=>{";
        string before = $"const __ag_out=[],__ag_bad=[];let __ag_sum=0;for(let __ag_at=0;__ag_at<{HiddenNames.Inputs}.length;__ag_at++)"
            + $"{{const {input}={HiddenNames.Inputs}[__ag_at];try{{let __ag_v={begin}\n";
        const string After = "\n})();if(__ag_v!==null&&typeof __ag_v===\"object\"&&typeof __ag_v.then===\"function\")__ag_v=await __ag_v;"
            + "__ag_out[__ag_at]=__ag_v;}catch{__ag_out[__ag_at]=null;__ag_bad[__ag_bad.length]=__ag_at;}__ag_sum+=__ag_n;__ag_n=0;}"
            + "__ag_n=__ag_sum;return[__ag_out,__ag_bad];";
        return script.Within(before, After);
    }

    /// <summary>
    /// True if the program may do more than compute: call a tool, or print. A run for many inputs may repeat an input, and so the call or the line.
    /// </summary>
    public static bool MayAct(GuardedScript script)
    {
        if (script.UsesTools || !script.Tools.IsEmpty) return true;
        ScopeTree scopes = script.TakeScopes();
        return scopes.Free.Any((reference) => s_ways.Contains(reference.Identifier.Name));
    }
}
