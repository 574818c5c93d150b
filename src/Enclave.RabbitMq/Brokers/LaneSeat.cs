namespace Enclave.RabbitMq.Brokers;

/// <summary>A seat in a lane, taken before the session is opened.</summary>
/// <param name="tenant">The limits of its tenant.</param>
/// <param name="lane">Level and class.</param>
/// <param name="seat">Its place.</param>
internal sealed class LaneSeat(QueueTenant tenant, string lane, IDisposable seat) : IDisposable
{
    public QueueTenant Tenant => tenant;

    public string Lane => lane;

    public void Dispose() => seat.Dispose();
}
