using Enclave.Queues;
using Enclave.RabbitMq.Brokers;

namespace Enclave.RabbitMq.Tests.Sessions;

/// <summary>What counts against a lane's places, without a server.</summary>
public sealed class LaneTests
{
    [Fact]
    public void Runs_that_can_be_published_take_no_place()
    {
        var lane = new Lane("standard.default", maxWaiting: 0, new Lock());

        Assert.Equal(QueueVerdict.Added, lane.Evaluate("t:a", new QueueTenant(), room: 2));
        lane.TakeSeat("t:a");
        Assert.Equal(QueueVerdict.Added, lane.Evaluate("t:b", new QueueTenant(), room: 2));
        lane.TakeSeat("t:b");
        Assert.Equal(QueueVerdict.Full, lane.Evaluate("t:a", new QueueTenant(), room: 2));
        Assert.Equal(QueueVerdict.Full, lane.Evaluate("t:c", new QueueTenant(), room: 0));
    }

    [Fact]
    public void A_tenants_own_limits_hold_beside_free_slots()
    {
        var lane = new Lane("standard.default", maxWaiting: 10, new Lock());

        Assert.Equal(QueueVerdict.Added, lane.Evaluate("t:a", new QueueTenant { MaxWaiting = 0 }, room: 5));
        Assert.Equal(QueueVerdict.TenantFull, lane.Evaluate("t:a", new QueueTenant { MaxWaiting = 0 }, room: 0));
        lane.TakeSeat("t:a");
        Assert.Equal(QueueVerdict.TenantFull, lane.Evaluate("t:a", new QueueTenant { MaxWaiting = 0, MaxRunning = 1 }, room: 5));
    }
}
