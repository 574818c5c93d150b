using System.Collections.Concurrent;
using System.Text.Json;

namespace Enclave.TestHost;

/// <summary>Runs a script at a level, prints one line of JSON about it and the workers, and keeps them until its input ends.</summary>
internal static class Look
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    public static async Task<int> Run(SecurityLevel level, IsolationLayer[] accepted)
    {
        var events = new ConcurrentQueue<SecurityEvent>();
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = level,
            AllowDegradedIsolation = accepted,
            OnSecurityEvent = events.Enqueue,
            // The first worker may start slowly on a busy machine.
            WorkerPool = WorkerPoolPresets.For(level) with
            {
                MinWorkers = 0,
                MaxWorkers = 1,
                SpareWorkers = 0,
                QueueTimeout = s_patience,
                StartTimeout = s_patience,
            },
            Timeout = s_patience,
        });
        ExecutionResult result = await host.RunAsync("return 6 * 7");
        IsolationReport report = host.GetIsolationReport();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            Value = result.Success ? result.Value.AsInt64() : 0,
            Code = result.Error?.Code.ToString(),
            Message = result.Error?.Message ?? "",
            Layers = result.Error?.Data?.GetValueOrDefault("layers"),
            Tag = result.Stats.Isolation,
            report.Available,
            report.Facts,
            Events = events.Select((happened) => $"{happened.Kind}: {happened.Detail}"),
            // By name: tests and people read the line.
            Offered = report.Layers.ToDictionary((layer) => layer.Layer.ToString(), (layer) => layer.Status.ToString()),
            Pid = report.Workers.Count > 0 ? report.Workers[0].ProcessId : 0,
            Holds =
                report.Workers.Count > 0 ? report.Workers[0].Layers.ToDictionary((layer) => layer.Layer.ToString(), (layer) => layer.Status.ToString()) : [],
        }));
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
