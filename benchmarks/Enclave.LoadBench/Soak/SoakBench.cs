using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Enclave.LoadBench.Soak;

/// <summary>Measures the memory of the host and its workers over time, with jobs that succeed, never end or take all memory.</summary>
internal static class SoakBench
{
    /// <summary>The verb of the command line: <c>--soak MINUTES</c>.</summary>
    public const string Verb = "--soak";

    /// <summary>The number of callers whose jobs succeed. One more caller runs the jobs that are stopped.</summary>
    private const int Callers = 4;

    private const double LeastMinutes = 0.1, MostMinutes = 1440;
    private const int LeastSamples = 16;

    /// <summary>A pause in which the memory of finished jobs is released.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static async Task RunAsync(string[] arguments)
    {
        if (arguments is not [var text, .. var rest] || !double.TryParse(text, CultureInfo.InvariantCulture, out double minutes)
            || minutes is not (>= LeastMinutes and <= MostMinutes))
        {
            throw new BenchException($"--soak takes minutes, {LeastMinutes.ToString(CultureInfo.InvariantCulture)} to {MostMinutes}");
        }

        if (rest is not ([] or ["--json"])) throw new BenchException($"{rest[0]} is no argument of --soak; it takes minutes and --json");
        TimeSpan time = TimeSpan.FromMinutes(minutes), shortest = time / LeastSamples,
            interval = shortest < TimeSpan.FromMinutes(1) ? shortest : TimeSpan.FromMinutes(1);
        await MeasureAsync(time, interval, rest.Length > 0 ? PrintJson : PrintText);
    }

    private static async Task MeasureAsync(TimeSpan time, TimeSpan interval, Action<SoakSample> print)
    {
        var catalogue = Catalogue.Find(quick: false);
        var hosts = new BenchHosts(BenchOptions.Parse([]));
        BenchJob[] good = [catalogue.Job("W1"), catalogue.Job("W2"), catalogue.Job("W3")];
        BenchJob[] stopped = [catalogue.Job("W6"), catalogue.Job("W11"), catalogue.Job("W6b"), catalogue.Job("W7b")];
        await using EnclaveHost host = hosts.Open(), unguarded = hosts.Open(scripts: Scripts.Unguarded);
        await host.WarmUpAsync();
        await unguarded.WarmUpAsync();
        long succeeded = 0, ended = 0;
        // Loads all code and files that a process needs once, before the first sample.
        await LoadAsync();
        await Task.Delay(s_idle);
        long before = succeeded + ended, start = Stopwatch.GetTimestamp();
        print(Sample(TimeSpan.Zero, 0));
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            await LoadAsync();
            await Task.Delay(s_idle);
            print(Sample(Stopwatch.GetElapsedTime(start), succeeded + ended - before));
        }

        // All callers have ended here, so a sample contains no running job.
        Task LoadAsync() => Task.WhenAll(Benchmarks.Callers.RunAsync(Callers, interval, GoodAsync), Benchmarks.Callers.RunAsync(1, interval, StoppedAsync));

        async Task GoodAsync()
        {
            BenchJob job = good[Interlocked.Increment(ref succeeded) % good.Length];
            job.Check(await job.RunAsync(host));
        }

        async Task StoppedAsync()
        {
            BenchJob job = stopped[Interlocked.Increment(ref ended) % stopped.Length];
            ExecutionResult result = await job.RunAsync(unguarded);
            if (result.Error?.Code is not (ErrorCode.Timeout or ErrorCode.MemoryLimitExceeded or ErrorCode.RuntimeError))
                throw new BenchException($"{job.Name} ended with {result.Error?.Code.ToCode() ?? "a success"}: {result.Error?.Message}");
        }
    }

    private static SoakSample Sample(TimeSpan passed, long jobs)
    {
        double managed = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
        // The pool may have replaced a listed worker.
        double[] workers = [.. WorkerMemory.OfThisHost().Select((worker) => worker.HeldMiBOrNothing()?.Private).OfType<double>()];
        if (workers.Length == 0) throw new BenchException("no worker process was found");
        return new SoakSample(
            passed.TotalMinutes, jobs, managed, WorkerMemory.ResidentMiBOfThisProcess(), workers.Length, workers.Average(), workers.Max(), workers.Sum());
    }

    private static void PrintJson(SoakSample sample) => Console.WriteLine(JsonSerializer.Serialize(sample, s_json));

    private static void PrintText(SoakSample sample) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"minute {sample.Minute,6:0.0} {sample.Jobs,9} jobs  host {sample.HostManaged,6:0.0} MiB managed {sample.HostResident,6:0} resident  " +
        $"{sample.Workers,2} workers {sample.WorkerMean,6:0.0} each {sample.WorkerMost,6:0.0} most {sample.WorkersAll,6:0} all"));
}
