namespace Enclave.Guard.PreScan;

/// <summary>What the pre-scan does with regular expression literals.</summary>
internal enum RegexMode
{
    /// <summary>None is allowed.</summary>
    Block,

    /// <summary>They are counted, measured and judged for backtracking.</summary>
    Analyze,

    /// <summary>They are counted and measured.</summary>
    Allow,

    /// <summary>Nothing is asked of them.</summary>
    Ignore,
}

/// <summary>Which backtracking is looked for.</summary>
internal enum RedosLevel
{
    /// <summary>Only what takes time exponential in the input, or nearly so.</summary>
    Catastrophic,

    /// <summary>Also what takes polynomial time, as a warning.</summary>
    Polynomial,
}

/// <summary>Whether a check of the pre-scan is made.</summary>
internal enum TextCheck
{
    /// <summary>It is not.</summary>
    Off,

    /// <summary>It is.</summary>
    On,
}
