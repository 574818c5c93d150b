using Enclave.Cluster.Servers;

namespace Enclave.Cluster;

/// <summary>Polls the health of brokers and runtimes. The proxy sends requests only to healthy ones.</summary>
internal sealed class HealthMonitor : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    public HealthMonitor(IReadOnlyList<Part> parts, HealthProbe probe) =>
        _watching = Task.WhenAll(parts.Where((part) => part.Address is not null).Select((part) => WatchAsync(part, probe)));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task WatchAsync(Part part, HealthProbe probe)
    {
        while (true)
        {
            part.Health = part.Pid is null ? PartHealth.Unknown : await probe.AskAsync(part.Address!, _end.Token).ConfigureAwait(false);
            await Task.Delay(s_pause, _end.Token).ConfigureAwait(false);
        }
    }
}
