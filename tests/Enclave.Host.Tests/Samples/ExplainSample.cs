using Enclave.Host.Tests.Records;

namespace Enclave.Host.Tests.Samples;

/// <summary>The program of docs/explain.md, as it stands there.</summary>
public sealed class ExplainSample
{
    [Fact]
    public async Task A_failed_run_is_explained()
    {
        using var folder = new AuditFolder();
        string[] args = [$"{folder.File}.kept"];

        // sample
        var keep = new KeepRecordings { Store = RecordingStore.InFolder(args[0]) };
        await using var enclave = new EnclaveHost(new EnclaveOptions { KeepRecordings = keep });

        ExecutionResult result = await enclave.RunAsync("const order = { id: 7 };\nreturn order.customer.name");
        ExecutionRecording? recording = await keep.FindAsync(result.RunId!);
        RunExplanation explanation = await enclave.ExplainAsync(recording!);

        Console.WriteLine($"{explanation.Line}: {explanation.Statement}"); // 2: return order.customer.name
        foreach ((string name, string value) in explanation.Values) Console.WriteLine($"{name} = {value}"); // order = { id: 7 }, order.customer = undefined
        // end

        Assert.Equal((2, "return order.customer.name"), (explanation.Line, explanation.Statement));
        Assert.Equal([("order", "{ id: 7 }"), ("order.customer", "undefined")], explanation.Values.Select((value) => (value.Key, value.Value)));
        Assert.Empty(explanation.Notes);
    }
}
