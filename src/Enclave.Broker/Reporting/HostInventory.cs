using System.Buffers;
using System.Text.Json;
using Enclave.Broker.Fleet;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Broker.Stats;
using Enclave.SessionWire;

namespace Enclave.Broker.Reporting;

/// <summary>Reports the application's own host as the only runtime.</summary>
internal sealed class HostInventory(IEnclave enclave, EnclaveOptions options, SessionDirectory sessions) : IRuntimeInventory
{
    public string Mode => RuntimeModes.Embedded;

    public Task<IReadOnlyList<RuntimeStats>> InspectAsync(CancellationToken cancellationToken)
    {
        PoolSnapshot pool = enclave.GetSnapshot();
        var here = new RuntimeStats("this process", pool.IsCrashLooping ? "unreachable" : sessions.IsDraining ? "stopping" : "ok", sessions.Count.Running)
        {
            Message = pool.IsCrashLooping ? pool.LastStartFailure : null,
            Max = (options.WorkerPool ?? WorkerPoolPresets.For(options.SecurityLevel)).MaxWorkers,
            Level = Level,
            Version = FleetPart.ThisVersion,
            Pool = Json((writer) => WirePool.Write(writer, pool)),
            Isolation = Json((writer) => WirePool.Write(writer, enclave.GetIsolationReport())),
        };
        return Task.FromResult<IReadOnlyList<RuntimeStats>>([here]);
    }

    public IReadOnlyList<QueuePart> Queues()
    {
        PoolSnapshot pool = enclave.GetSnapshot();
        return [new QueuePart(Level, pool.QueueDepth, 0, Math.Max(0, pool.MaxWorkers - pool.ActiveWorkers), (long)pool.QueueAge.TotalMilliseconds)];
    }

    private string Level => options.SecurityLevel.ToString().ToLowerInvariant();

    private static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output)) write(writer);
        return JsonElement.Parse(output.WrittenSpan);
    }
}
