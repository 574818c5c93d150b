namespace Enclave.Guard.Transforms;

/// <summary>The names of the run-time checks in a transformed program: parameters of the wrapper around it (src/Enclave.Worker/native/job.cc).</summary>
internal static class HiddenNames
{
    /// <summary>The prefix of all these names. <c>__safe_</c> is reserved too, as documented.</summary>
    public const string Prefix = "__ag_";

    /// <summary>Ends the run: <c>(iterations, offset of the loop)</c>.</summary>
    public const string Limit = "__ag_limit";

    /// <summary>Converts a value to a property key once, or throws.</summary>
    public const string Key = "__ag_key";

    /// <summary>The first iteration of a loop that is too many, per entry of the loop: at most 2^30, so that the count stays within 32 bits.</summary>
    public const string Each = "__ag_each";

    /// <summary>Most iterations of the run.</summary>
    public const string Total = "__ag_total";

    /// <summary>Iterations of loops that have ended, and of counted callbacks.</summary>
    public const string Count = "__ag_n";

    /// <summary>Followed by a number: iterations of one loop since its entry.</summary>
    public const string Loop = "__ag_i";

    /// <summary>Followed by a number: the number that the variable of a stepped loop must not reach.</summary>
    public const string Bound = "__ag_b";

    /// <summary>The inputs of a program that runs once for each (<see cref="InputLoop"/>).</summary>
    public const string Inputs = "__ag_inputs";
}
