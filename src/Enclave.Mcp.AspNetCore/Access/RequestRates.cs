using System.Threading.RateLimiting;

namespace Enclave.Mcp.AspNetCore.Access;

/// <summary>Limits the requests of each client in a sliding window of one minute.</summary>
internal sealed class RequestRates(int perMinute) : IDisposable
{
    private const int Segments = 6;

    private readonly PartitionedRateLimiter<string> _clients = PartitionedRateLimiter.Create<string, string>(
        (client) => RateLimitPartition.GetSlidingWindowLimiter(
        client,
        (_) => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = Segments }));

    /// <summary>Counts one request. Returns false, and how long to wait, if the client has used up its requests.</summary>
    public bool TryTake(string client, out TimeSpan wait)
    {
        using RateLimitLease lease = _clients.AttemptAcquire(client);
        wait = lease.IsAcquired ? TimeSpan.Zero : TimeSpan.FromMinutes(1) / Segments;
        return lease.IsAcquired;
    }

    public void Dispose() => _clients.Dispose();
}
