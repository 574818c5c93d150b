namespace Enclave.Cluster.Tests.Command;

/// <summary>One cluster for the fault tests, each of which repairs its faults: two brokers, two runtimes.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private static readonly string[] s_clocks = RunningCluster.HasClocks ? ["--clocks"] : [];

    private RunningCluster? _cluster;

    internal RunningCluster Cluster
    {
        get
        {
            Assert.SkipWhen(_cluster is null, RunningCluster.Missing ?? "there is no cluster");
            return _cluster;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RunningCluster.Missing is null) _cluster = await RunningCluster.StartAsync(
            ["--brokers", "2", "--runtimes", "2", "--tool", "wait=tail --pid=$PPID -f /dev/null", "--tool", "nap=sleep 0.3; echo 1", .. s_clocks]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}
