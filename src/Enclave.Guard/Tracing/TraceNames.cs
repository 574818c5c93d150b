using Enclave.Guard.Transforms;

namespace Enclave.Guard.Tracing;

/// <summary>The names of a traced program's own code. They begin with <see cref="HiddenNames.Prefix"/>, so no script has them.</summary>
internal static class TraceNames
{
    /// <summary>The functions of trace.js.</summary>
    public const string Functions = "__ag_t";

    /// <summary>The number of steps so far.</summary>
    public const string Steps = "__ag_t_s";

    /// <summary>The next step that calls the trace; the steps before it are only counted.</summary>
    public const string Next = "__ag_t_p";

    /// <summary>The first step that is reported.</summary>
    public const string First = "__ag_t_w";

    /// <summary>The beginning of a name, followed by the number of a statement: the variable holds that statement's step.</summary>
    public const string Step = "__ag_t_q";

    /// <summary>The statement that a function is at.</summary>
    public const string At = "__ag_t_at";

    /// <summary>The step of <see cref="At"/>.</summary>
    public const string AtStep = "__ag_t_as";

    /// <summary>The beginning of a name, followed by the number of a loop: the variable holds the loop's rounds since it began.</summary>
    public const string Rounds = "__ag_t_c";

    /// <summary>
    /// The beginning of a name, followed by a number: the variable holds the statement at which an error left for a finally block; 0 for none.
    /// </summary>
    public const string Left = "__ag_t_l";

    /// <summary>Followed by a number: the step of <see cref="Left"/>.</summary>
    public const string LeftStep = "__ag_t_m";

    /// <summary>Followed by a number: a value that was read with care.</summary>
    public const string Read = "__ag_t_r";

    /// <summary>An error that leaves a function.</summary>
    public const string Error = "__ag_t_e";

    /// <summary>The globals that trace.js reads at its start. A program that declares one with var cannot be traced.</summary>
    public static readonly string[] Needed =
        ["console", "JSON", "Array", "Number", "Object", "Symbol", "Date", "RegExp", "WeakSet", "Map", "Set", "Uint8Array", "Promise", "Error", "Proxy",
            "Reflect", "globalThis"];
}
