using Enclave.Broker.Access;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Store;

/// <summary>Which sessions there are, whoever runs them. In memory they are this broker's own; in a database, those of every broker on it.</summary>
/// <remarks>A session is found by its owner alone: to others it is not there.</remarks>
internal interface ISessionStore : IAsyncDisposable
{
    /// <summary>Whether a session that is opened now would be taken.</summary>
    bool IsReady { get; }

    /// <summary>Sessions that this broker can tell of without asking anybody.</summary>
    int Known { get; }

    /// <summary>Begins; a store that is not to be had at the moment is asked again until it is.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Takes a session that begins, from when on it is found; or says why not, or which session its request had opened before.</summary>
    ValueTask<Admission> AdmitAsync(BrokerSession session, CancellationToken cancellationToken);

    /// <summary>The session of this name; null when there is none.</summary>
    ValueTask<ISessionView?> FindAsync(Caller caller, string id, CancellationToken cancellationToken);

    /// <summary>The sessions of an owner.</summary>
    ValueTask<IReadOnlyList<ISessionView>> ListAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>Cancels a session and forgets it; who reads it reads to the end. False when it is not there.</summary>
    ValueTask<bool> RemoveAsync(Caller caller, string id, CancellationToken cancellationToken);

    /// <summary>A session that was admitted has come to its last event, and its owner may open another.</summary>
    void Concluded(BrokerSession session);

    /// <summary>The run of a session that was admitted is over: from now on it is kept for readers.</summary>
    void Ended(BrokerSession session);

    /// <summary>Forgets what has been kept for long enough.</summary>
    void Sweep();

    /// <summary>From now on no session is admitted, and those that run come to their end: whoever looks at the store sees it.</summary>
    Task DrainingAsync();

    /// <summary>No session is admitted any more, and all that were have ended: what waits to be kept is, within this time.</summary>
    Task FlushAsync(TimeSpan patience);
}
