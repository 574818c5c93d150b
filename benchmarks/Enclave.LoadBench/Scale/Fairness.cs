namespace Enclave.LoadBench.Scale;

/// <summary>S2: the wait of a tenant that asks now and then: alone, beside one that floods, and among a thousand of which a few ask most.</summary>
internal sealed class Fairness(Catalogue catalogue, BenchReport report, bool quick)
{
    private const int Tenants = 1000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    public async Task MeasureAsync()
    {
        BenchJob job = catalogue.Job("W2");
        int jobs = quick ? 60 : 1000;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with { MaxQueueSize = 4000 },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });
        await host.WarmUpAsync();
        await Callers.RunAsync(4, TimeSpan.FromSeconds(quick ? 0.3 : 2), () => RunAsync("warm"));

        IReadOnlyList<double> alone = await Callers.RunApartAsync(jobs, s_pause, () => RunAsync("honest"));
        report.Percentiles("alone", alone, [50, 99]);
        foreach (int flood in (int[])[1, 8, 200])
        {
            IReadOnlyList<double> beside = await BesideAsync(flood, () => "flood", jobs);
            report.Percentiles($"beside one with {flood} in flight", beside, [50, 99]);
            report.Figure($"beside one with {flood} in flight, p99 to alone", P99(beside) / P99(alone), "x", jobs);
        }

        // Zipf: the tenant of rank r asks r times less often than the first.
        double[] shares = [.. Enumerable.Range(1, Tenants).Select((rank) => 1.0 / rank)];
        double whole = shares.Sum();
        IReadOnlyList<double> among = await BesideAsync(64, () => $"tenant-{Draw(shares, whole)}", jobs);
        report.Percentiles($"among {Tenants} tenants, 64 in flight", among, [50, 99]);
        report.Figure($"among {Tenants} tenants, 64 in flight, p99 to alone", P99(among) / P99(alone), "x", jobs);

        async Task RunAsync(string tenant) => job.CheckSuccess(await job.RunAsync(host, tenant));

        async Task<IReadOnlyList<double>> BesideAsync(int inFlight, Func<string> tenant, int count)
        {
            using var end = new CancellationTokenSource();
            Task[] others = [.. Enumerable.Range(0, inFlight).Select((_) => Task.Run(async () =>
            {
                while (!end.IsCancellationRequested) await RunAsync(tenant());
            }))];
            // First, the pool grows with the load.
            await Task.Delay(TimeSpan.FromSeconds(quick ? 0.3 : 2));
            IReadOnlyList<double> times = await Callers.RunApartAsync(count, s_pause, () => RunAsync("honest"));
            await end.CancelAsync();
            await Task.WhenAll(others);
            return times;
        }
    }

    private static int Draw(double[] shares, double whole)
    {
#pragma warning disable CA5394 // Which tenant asks next is no secret.
        double point = Random.Shared.NextDouble() * whole;
#pragma warning restore CA5394
        int rank = 0;
        while (rank < shares.Length - 1 && (point -= shares[rank]) > 0) rank++;
        return rank;
    }

    private static double P99(IReadOnlyList<double> times) => Percentile.Of([.. times.Order()], 99);
}
