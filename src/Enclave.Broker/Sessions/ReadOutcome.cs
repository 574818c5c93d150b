namespace Enclave.Broker.Sessions;

/// <summary>What a reader of a session finds.</summary>
internal enum ReadOutcome
{
    /// <summary>Events.</summary>
    Events,

    /// <summary>The last event was there before.</summary>
    Ended,

    /// <summary>Events are missing that made room, or this broker has lost the session: whoever comes again is told more.</summary>
    Lost,
}
