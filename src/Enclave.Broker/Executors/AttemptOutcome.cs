namespace Enclave.Broker.Executors;

/// <summary>The result of an attempt to run a session on one runtime.</summary>
internal enum AttemptOutcome
{
    /// <summary>The session has its last event.</summary>
    Ended,

    /// <summary>The runtime refused it, or was lost before the script did anything visible: another runtime may run it.</summary>
    NotBegun,

    /// <summary>The runtime was lost after the script did something visible.</summary>
    LostAfterBegin,

    /// <summary>The session will not run on any runtime.</summary>
    Refused,
}
