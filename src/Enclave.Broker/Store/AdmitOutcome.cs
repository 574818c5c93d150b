using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Store;

/// <summary>The result of admitting a session.</summary>
/// <param name="View">The session, or the one that the same request opened before; null if it was refused.</param>
/// <param name="Refusal">Why it was refused; null if it was not.</param>
/// <param name="IsNew">True if the session begins now.</param>
internal readonly record struct AdmitOutcome(ISessionView? View, BrokerError? Refusal, bool IsNew)
{
    /// <summary>The session is admitted.</summary>
    public static AdmitOutcome Taken(ISessionView view) => new(view, null, true);

    /// <summary>The session is refused.</summary>
    public static AdmitOutcome Refused(BrokerError why) => new(null, why, false);

    /// <summary>The same request opened this session before.</summary>
    public static AdmitOutcome Again(ISessionView known) => new(known, null, false);
}
