using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Store;

/// <summary>What became of a session that was to be opened.</summary>
/// <param name="View">It, or the session that the same request opened before, which is answered with instead; null when it was refused.</param>
/// <param name="Refusal">Why it was; null when it was not.</param>
/// <param name="IsNew">Whether it begins.</param>
internal readonly record struct Admission(ISessionView? View, BrokerError? Refusal, bool IsNew)
{
    /// <summary>It is open.</summary>
    public static Admission Taken(ISessionView view) => new(view, null, true);

    public static Admission Refused(BrokerError why) => new(null, why, false);

    public static Admission Again(ISessionView known) => new(known, null, false);
}
