namespace Enclave.Broker.PostgreSql.Leases;

/// <summary>When the store last confirmed that this broker holds its lease.</summary>
/// <param name="clock">The broker's clock.</param>
/// <param name="patience">How long the broker relies on its lease without a further answer.</param>
/// <param name="asked">The time before the lease was asked for.</param>
internal sealed class LeaseProof(TimeProvider clock, TimeSpan patience, long asked)
{
    private long _asked = asked;

    /// <summary>How long the broker may still rely on its lease; zero or less if it may not.</summary>
    public TimeSpan Left => patience - clock.GetElapsedTime(_asked);

    /// <summary>The store answered that the lease is held. The proof counts from the time of the question, because the answer may have taken long.</summary>
    /// <param name="asked">The time before the question was asked.</param>
    public void Confirm(long asked) => _asked = asked;
}
