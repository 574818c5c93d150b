namespace Enclave.Guard.Transforms;

/// <summary>The names in which a transformed program finds what its checks need: parameters of the wrapper around it (src/Enclave.Worker/native/job.cc).</summary>
internal static class HiddenNames
{
    /// <summary>Every name that is ours begins with it; <c>__safe_</c> is kept free too, as documented.</summary>
    public const string Prefix = "__ag_";

    /// <summary>Ends the run: <c>(iterations, offset of the loop)</c>.</summary>
    public const string Limit = "__ag_limit";

    /// <summary>Makes a value a property key, once, or throws.</summary>
    public const string Key = "__ag_key";

    /// <summary>The iteration of a loop that is one too many, each time it is entered: at most 2^30, so that its count stays within 32 bits.</summary>
    public const string Each = "__ag_each";

    /// <summary>Most iterations of the run.</summary>
    public const string Total = "__ag_total";

    /// <summary>Iterations of loops that were left, and of counted callbacks.</summary>
    public const string Count = "__ag_n";

    /// <summary>Followed by a number: iterations of one loop since it was entered.</summary>
    public const string Loop = "__ag_i";
}
