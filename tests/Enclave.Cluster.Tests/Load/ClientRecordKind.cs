namespace Enclave.Cluster.Tests.Load;

/// <summary>What a client met.</summary>
internal enum ClientRecordKind
{
    /// <summary>It asked for the session to be opened.</summary>
    Opening,

    /// <summary>The broker answers with the session's events.</summary>
    Opened,

    /// <summary>It asked for the events from a number on.</summary>
    Resuming,

    /// <summary>A line came, whole.</summary>
    Line,

    /// <summary>The events stopped before the last.</summary>
    Dropped,

    /// <summary>The broker refused, or was not there.</summary>
    Refused,

    /// <summary>The session that was open is not there.</summary>
    Missing,

    /// <summary>It has the last event.</summary>
    Done,

    /// <summary>It did not get it in its time.</summary>
    GaveUp,

    /// <summary>A line of a session that has ended, read once more from the first.</summary>
    ReadAgain,
}
