using System.Diagnostics;

namespace Enclave.Host.Tests.Durable;

/// <summary>A durable run has its journal, also where the host keeps recordings of its other runs and somebody measures it.</summary>
public sealed class KeptDurableRunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_journaled_and_not_recorded(bool isMeasured)
    {
        using ActivityListener? listener = isMeasured ? new ActivityListener { ShouldListenTo = static (source) => source.Name == "Enclave" } : null;
        if (listener is not null) ActivitySource.AddActivityListener(listener);
        var keep = new KeepRecordings { Always = true };
        var options = new EnclaveOptions { Durable = new DurableOptions(), KeepRecordings = keep };
        options.Tools.Add("double", (int n) => 2 * n);
        await using var host = new EnclaveHost(options);

        ExecutionResult result = await host.RunAsync(
            "return await callTool('double', { n: 21 })", new RunOptions { Durable = "kept" }, Token);

        Assert.Equal(42, result.Value.AsInt64());
        Assert.Contains(await host.Runs.HistoryAsync("kept", cancellationToken: Token), (happened) => happened is ToolCallEvent { Name: "double" });
        Assert.Null(await keep.FindAsync(result.RunId!, cancellationToken: Token));
    }
}
