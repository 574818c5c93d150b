using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>Stores the events of one session outside of this process.</summary>
internal interface ISessionJournal
{
    /// <summary>Stores an event. Readers see it only after <see cref="EventLines.Show"/>. Called for one event at a time, in order.</summary>
    void Keep(EventPayload payload, LoggedEvent logged);

    /// <summary>Completes when the event of a tool call is stored and the tool may run: the end of a lost session reports how many tools ran.</summary>
    Task WhenKept(string callId);

    /// <summary>Called once, when readers can read the last event or there will be none.</summary>
    void Closed();
}
