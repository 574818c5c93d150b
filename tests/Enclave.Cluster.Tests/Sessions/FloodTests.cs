using Enclave.Cluster.Tests.Chaos;
using Enclave.Cluster.Tests.Checking;
using Enclave.Cluster.Tests.Load;
using Enclave.Cluster.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Sessions;

/// <summary>The fair bound on waits, without faults.</summary>
[Collection(QuietClusterTests.Name)]
public sealed class FloodTests(QuietCluster quiet)
{
    private const int Runtimes = 6;

    [Fact]
    public async Task A_flood_of_one_tenant_delays_no_other_beyond_its_turn()
    {
        IReadOnlyList<PlannedSession> plan = LoadPlan.Draw([.. quiet.Process.Tokens.Keys.Order(StringComparer.Ordinal)],
            sessions: TestSize.Of(40, 80), TimeSpan.FromSeconds(TestSize.Of(5, 12)), floods: TestSize.Of(1, 2), flood: TestSize.Of(40, 60), seed: 7);

        Evidence evidence = await ChaosRun.RunAsync(quiet.Process, plan, [], QuietCluster.Slots * Runtimes, "a flood");

        Assert.All(WaitRule.Measure(evidence), (wait) => Assert.True(wait.IsCalm));
        Assert.All(evidence.Store, (session) => Assert.Contains(
            EventPeek.Code(session.Events[^1].Line), (string[])["ok", "RUNTIME_ERROR", "SESSION_CANCELLED"]));
    }
}
