using System.Globalization;
using Enclave.Cluster.Tests.Checking;
using Enclave.Cluster.Tests.Load;
using Enclave.Cluster.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Chaos;

/// <summary>Three brokers, six runtimes and forty tenants of skewed load, with random faults. <c>ENCLAVE_CHAOS_SEED</c> repeats a run.</summary>
[Collection(QuietClusterTests.Name)]
public sealed class ChaosTests(QuietCluster quiet)
{
    private const int Runtimes = 6;

    /// <summary>A short run has one cluster, in which sessions have been before.</summary>
    private static readonly int s_attempts = TestSize.Full ? 3 : 1;

    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(TestSize.Of(16, 100));

    /// <summary>
    /// RabbitMQ takes long to restart: a short run would be without it most of the time. The tests of Enclave.RabbitMq also cover its restarts.
    /// </summary>
    private static readonly FaultKind[] s_kinds =
        [.. Enum.GetValues<FaultKind>().Where((kind) => TestSize.Full || kind is not (FaultKind.KillRabbit or FaultKind.RestartRabbit))];

    public static TheoryData<int> Seeds() => Environment.GetEnvironmentVariable("ENCLAVE_CHAOS_SEED") is { Length: > 0 } seed
        ? [int.Parse(seed, CultureInfo.InvariantCulture)]
        : TestSize.Full ? [101, 102, 103] : [326];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_session_ends_once_with_all_its_events_whatever_goes_wrong(int seed)
    {
        // A machine that is busy with something else ends few scripts under these faults: then what was checked holds, and says little.
        for (int attempt = 1; !await SaysMuchAsync(seed); attempt++) Assert.True(attempt < s_attempts, "too few scripts came to their end to say much");
    }

    private static bool CameToItsEnd(StoredSession session) => EventPeek.Code(session.Events[^1].Line) == "ok";

    private async Task<bool> SaysMuchAsync(int seed)
    {
        // A long run has its own cluster; a short one must leave the shared cluster intact, which is checked at the end.
        await using ClusterProcess? own = TestSize.Full ? await ClusterProcess.StartAsync(QuietCluster.Tenants, QuietCluster.Slots) : null;
        ClusterProcess cluster = own ?? quiet.Process;
        IReadOnlyList<PlannedSession> plan = LoadPlan.Draw([.. cluster.Tokens.Keys.Order(StringComparer.Ordinal)],
            TestSize.Of(80, 450), s_length, floods: TestSize.Of(1, 3), flood: TestSize.Of(20, 40), seed);
        IReadOnlyList<PlannedFault> faults = FaultSchedule.Draw(
            [.. cluster.Parts.Select((part) => part.Name)], await cluster.LinksAsync(), s_kinds, s_length, seed);

        Evidence evidence = await ChaosRun.RunAsync(cluster, plan, faults, QuietCluster.Slots * Runtimes, $"seed {seed}");

        Assert.True(
            evidence.Faults.Select((fault) => fault.Kind).Distinct().Count() >= TestSize.Of(5, s_kinds.Length - 3), "too few kinds of faults were tried");
        return evidence.Store.Count(CameToItsEnd) > plan.Count / 4;
    }
}
