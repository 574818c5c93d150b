using Enclave.Broker.PostgreSql.Leases;
using Enclave.Testing;

namespace Enclave.Broker.PostgreSql.Tests;

public sealed class LeaseProofTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly ManualClock _clock = new();

    [Fact]
    public void A_late_answer_proves_no_more_than_the_time_of_its_question()
    {
        var proof = new LeaseProof(_clock, s_patience, _clock.GetTimestamp());
        long asked = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(10));

        proof.Confirm(asked);

        Assert.Equal(TimeSpan.FromSeconds(5), proof.Left);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(proof.Left <= TimeSpan.Zero);
    }

    [Fact]
    public void A_first_lease_counts_from_before_it_was_asked_for()
    {
        long asked = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(14));

        Assert.Equal(TimeSpan.FromSeconds(1), new LeaseProof(_clock, s_patience, asked).Left);
    }
}
