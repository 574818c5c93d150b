using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Lifecycle;

/// <summary>Opens sessions for the application itself. They are limited, counted, listed and drained like those of clients over HTTP.</summary>
internal interface IBrokerSessions
{
    /// <summary>Opens a session and starts its run.</summary>
    /// <param name="caller">The client that it belongs to.</param>
    /// <param name="request">The script and its limits.</param>
    /// <param name="cancellationToken">Cancels the opening. A session that is open continues: <see cref="ISessionView.CancelAsync"/> ends it.</param>
    /// <returns>
    /// The session, or the refusal. A reader should announce itself at once (<see cref="ISessionView.ReaderCame"/>): a session without one ends after
    /// <see cref="BrokerOptions.ReaderGrace"/>.
    /// </returns>
    ValueTask<(ISessionView? Session, BrokerError? Refusal)> OpenAsync(Caller caller, SessionRequest request, CancellationToken cancellationToken);
}
