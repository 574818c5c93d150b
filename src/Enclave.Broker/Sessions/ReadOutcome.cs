namespace Enclave.Broker.Sessions;

/// <summary>The result of reading a session.</summary>
internal enum ReadOutcome
{
    /// <summary>Events were read.</summary>
    Events,

    /// <summary>The last event came before.</summary>
    Ended,

    /// <summary>Events were dropped, or this broker has lost the session. A reader that reconnects gets the reason.</summary>
    Lost,
}
