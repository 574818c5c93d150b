namespace Enclave.Broker.Executors;

/// <summary>What came of a session on one runtime.</summary>
internal enum AttemptOutcome
{
    /// <summary>It has its last event.</summary>
    Ended,

    /// <summary>The runtime did not take it, or was lost before the script did anything that anybody saw: another may run it.</summary>
    NotBegun,

    /// <summary>The runtime was lost after that.</summary>
    LostAfterBegin,

    /// <summary>It will not run anywhere.</summary>
    Refused,
}
