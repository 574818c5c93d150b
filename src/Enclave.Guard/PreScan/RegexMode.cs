namespace Enclave.Guard.PreScan;

/// <summary>How the pre-scan treats regular expression literals.</summary>
internal enum RegexMode
{
    /// <summary>Refuses them all.</summary>
    Block,

    /// <summary>Counts and measures them, and analyses their backtracking.</summary>
    Analyze,

    /// <summary>Counts and measures them.</summary>
    Allow,

    /// <summary>Does not check them.</summary>
    Ignore,
}

/// <summary>The kinds of backtracking to look for.</summary>
internal enum RedosScope
{
    /// <summary>Only matching that takes exponential time, or nearly so.</summary>
    Catastrophic,

    /// <summary>Also matching that takes polynomial time, as a warning.</summary>
    Polynomial,
}

/// <summary>Switches a check of the pre-scan.</summary>
internal enum TextCheck
{
    /// <summary>Not checked.</summary>
    Off,

    /// <summary>Checked.</summary>
    On,
}
