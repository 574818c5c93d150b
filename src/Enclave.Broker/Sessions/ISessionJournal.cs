using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>Keeps the events of one session outside of this process.</summary>
internal interface ISessionJournal
{
    /// <summary>Keeps an event. No reader gets it before <see cref="EventLines.Show"/> allows it. Called one at a time, in their order.</summary>
    void Keep(EventPayload payload, LoggedEvent logged);

    /// <summary>Completes when the event of a tool call is kept, and the tool may act: the end of a lost session says whether a tool acted.</summary>
    Task WhenKept(string call);

    /// <summary>Readers can have the last event, or there will be none. Called once.</summary>
    void Closed();
}
