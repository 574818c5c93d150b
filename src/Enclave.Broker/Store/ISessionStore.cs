using Enclave.Broker.Access;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Store;

/// <summary>Finds sessions and decides which may open. In memory: this broker's own sessions. In a database: those of every broker on it.</summary>
/// <remarks>Only a session's owner finds it; for others it does not exist.</remarks>
internal interface ISessionStore : IAsyncDisposable
{
    /// <summary>True if a new session would be admitted.</summary>
    bool IsReady { get; }

    /// <summary>Number of sessions that this broker knows without a request to the store.</summary>
    int Known { get; }

    /// <summary>Starts. A store that is unavailable is asked again until it answers.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Admits a new session, refuses it, or returns the session that the same request opened before. An admitted session can be found from then on.
    /// </summary>
    ValueTask<AdmitOutcome> AdmitAsync(BrokerSession session, CancellationToken cancellationToken);

    /// <summary>Finds a session by its name; null if there is none.</summary>
    ValueTask<ISessionView?> FindAsync(Caller caller, string id, CancellationToken cancellationToken);

    /// <summary>The sessions of an owner.</summary>
    ValueTask<IReadOnlyList<ISessionView>> ListAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>Cancels a session and forgets it. Its readers can read to the end. Returns false if there is no such session.</summary>
    ValueTask<bool> RemoveAsync(Caller caller, string id, CancellationToken cancellationToken);

    /// <summary>Called when an admitted session has its last event: its owner may open another one.</summary>
    void OnFinalEvent(BrokerSession session);

    /// <summary>Called when the run of an admitted session is over: from now on it is kept only for readers.</summary>
    void OnRunEnded(BrokerSession session);

    /// <summary>Removes sessions whose retention is over.</summary>
    void Sweep();

    /// <summary>Admits no more sessions. Others that use the store see that this broker is draining.</summary>
    Task DrainingAsync();

    /// <summary>Stores the events that are not stored yet, within this time. All sessions have ended and no more are admitted.</summary>
    Task FlushAsync(TimeSpan patience);
}
