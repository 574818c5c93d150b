namespace Enclave.Cluster.Tests.Load;

/// <summary>The kinds of records in a client's log.</summary>
internal enum ClientRecordKind
{
    /// <summary>It requested to open the session.</summary>
    Opening,

    /// <summary>The broker answered with the session's events.</summary>
    Opened,

    /// <summary>It requested the events from a number on.</summary>
    Resuming,

    /// <summary>A complete line arrived.</summary>
    Line,

    /// <summary>The stream ended before the last event.</summary>
    Dropped,

    /// <summary>The broker refused or was not running.</summary>
    Refused,

    /// <summary>An opened session was not found.</summary>
    Missing,

    /// <summary>It has the last event.</summary>
    Done,

    /// <summary>It did not get the last event in time.</summary>
    GaveUp,

    /// <summary>A line of an ended session, read again from the first event on.</summary>
    ReadAgain,
}
