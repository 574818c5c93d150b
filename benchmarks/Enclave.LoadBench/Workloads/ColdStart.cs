using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Enclave.LoadBench.Workloads;

/// <summary>W8: the time from spawning a program with a host to its first result, and the worker's part of it.</summary>
internal sealed class ColdStart(Catalogue catalogue, BenchHosts hosts, BenchReport report, BenchOptions options)
{
    /// <summary>Runs as the started program: <c>--cold LEVEL ADAPTER CODE</c>.</summary>
    public const string Verb = "--cold";

    /// <summary>The program that is measured from outside: one job, and a line with its time and answer.</summary>
    public static async Task<int> RunAsync(string level, string adapter, string code)
    {
        long start = Stopwatch.GetTimestamp();
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            // It parses no options, because a real program would not, and the time would count.
            SecurityLevel = level switch
            {
                "Strict" => SecurityLevel.Strict,
                "Secure" => SecurityLevel.Secure,
                "Permissive" => SecurityLevel.Permissive,
                _ => SecurityLevel.Standard,
            },
            Adapter = adapter == nameof(BenchAdapter.Embedded) ? EnclaveAdapter.Embedded : EnclaveAdapter.WorkerPool,
            DoubleVm = adapter == nameof(BenchAdapter.DoubleVm) ? new DoubleVmOptions() : null,
        });
        ExecutionResult result = await host.RunAsync(code);
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        string line = string.Create(CultureInfo.InvariantCulture, $"{time} {result.Error?.Message ?? result.Value.ToString()}\n");
        // Writes without Console, whose encodings and streams would count.
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        output.Write(Encoding.UTF8.GetBytes(line));
        return result.Success ? 0 : 1;
    }

    public async Task MeasureAsync(string name)
    {
        BenchJob job = catalogue.JobOf(name);
        int repeats = catalogue.Number(name, "repeats");
        // The file caches are warm for the first counted start, as for the peers.
        _ = await SpawnAsync(job);
        List<double> wholes = [], starts = [], ready = [];
        for (int i = 0; i < repeats; i++)
        {
            (double whole, double start) = await SpawnAsync(job);
            wholes.Add(whole);
            starts.Add(start);
        }

        // An embedded host starts its worker with the first job, so there is no readiness to wait for.
        for (int i = 0; i < repeats + 1 && options.Adapter != BenchAdapter.Embedded; i++)
        {
            double time = await ReadyAsync();
            if (i > 0) ready.Add(time);
        }

        report.Percentiles("spawn to first result", wholes, [50]);
        report.Percentiles("worker start", starts, [50], "in that process, from the making of the host to the first result");
        if (ready.Count > 0)
            report.Percentiles("worker ready", ready, [50], "in a warm process, from the making of a host of one worker to that worker's readiness");
    }

    private async Task<(double Whole, double Start)> SpawnAsync(BenchJob job)
    {
        var command = new ProcessStartInfo(
            Environment.ProcessPath!, [Verb, options.Level.ToString(), options.Adapter.ToString(), job.Code])
        { RedirectStandardOutput = true };
        long spawn = Stopwatch.GetTimestamp();
        using Process process = Process.Start(command)!;
        string[] line = (await process.StandardOutput.ReadLineAsync() ?? "").Split(' ', 2);
        double whole = Stopwatch.GetElapsedTime(spawn).TotalMilliseconds;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || line is not [var time, var answer] || answer != job.Expected.ToString())
        {
            throw new BenchException($"the cold start ended with exit code {process.ExitCode} and said: {string.Join(' ', line)}");
        }

        return (whole, double.Parse(time, CultureInfo.InvariantCulture));
    }

    private async Task<double> ReadyAsync()
    {
        long start = Stopwatch.GetTimestamp();
        await using EnclaveHost host = hosts.Open(workers: 1);
        await host.WarmUpAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
