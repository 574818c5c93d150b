using Enclave.Cluster.Servers;

namespace Enclave.Cluster;

/// <summary>Asks brokers and runtimes how they are, again and again: the proxy sends requests to those that said they are well.</summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    public HealthWatch(IReadOnlyList<Part> parts, HealthProbe probe) => _watching = Task.WhenAll(parts.Where((part) => part.Address is not null).Select((part) => WatchAsync(part, probe)));

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
