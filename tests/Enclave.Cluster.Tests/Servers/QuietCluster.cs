// One cluster at a time: each is a dozen servers.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Enclave.Cluster.Tests.Servers;

/// <summary>One cluster for tests that cause few faults.</summary>
[CollectionDefinition(Name)]
public sealed class QuietClusterTests : ICollectionFixture<QuietCluster>
{
    public const string Name = "quiet cluster";
}

/// <inheritdoc cref="QuietClusterTests"/>
public sealed class QuietCluster : IAsyncLifetime
{
    internal const int Tenants = 40, Slots = 2;

    private ClusterProcess? _process;
    private Exception? _skip;

    /// <summary>The cluster. Skips the test if it cannot be started.</summary>
    internal ClusterProcess Process => _process ?? throw _skip!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            _process = await ClusterProcess.StartAsync(Tenants, Slots);
        }
        catch (Xunit.Sdk.SkipException skip)
        {
            _skip = skip;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
