namespace Enclave.Streaming.Filters;

/// <summary>What becomes of an event that a rule matches.</summary>
internal enum FilterMode
{
    /// <summary>It passes, and the others do not.</summary>
    Include,

    /// <summary>It does not pass, and the others do.</summary>
    Exclude,
}
