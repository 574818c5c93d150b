using System.Text;
using System.Text.Json;

namespace Enclave.LoadBench.Durable;

/// <summary>One run that waits after one answered call: its bytes in the store, and what it occupies of the host.</summary>
internal sealed class SuspendedRun(MeasuredStore store, BenchReport report)
{
    private const string Code = """
        const amount = await callTool('increment', { x: args.id });
        if (!await waitFor('approval')) return 'not approved';
        return amount;
        """;

    public async Task MeasureAsync()
    {
        var args = new { id = 42 };
        long before = await store.BytesAsync();
        await using EnclaveHost host = await DurableHosts.OpenAsync(store);
        DurableRun run = await DurableHosts.SuspendAsync(host, "suspended", Code, new Dictionary<string, object?> { ["args"] = args });
        long values = Encoding.UTF8.GetByteCount(Code) + JsonSerializer.SerializeToUtf8Bytes(args).Length;
        report.Figure("script and arguments", values, "B", 1);
        report.Figure("journal beside them", run.Bytes - values, "B", 1, $"{run.Entries} entries");
        report.Figure("all in the store beside them", await store.BytesAsync() - before - values, "B", 1, store.BytesAre);
        // A worker resets itself after its answer.
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        report.Figure("busy workers", host.GetSnapshot().ActiveWorkers, "", 1);
    }
}
