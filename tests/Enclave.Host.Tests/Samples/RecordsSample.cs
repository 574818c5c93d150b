using System.Text.Json;
using Enclave.Host.Tests.Records;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The programs of docs/records.md, as they stand there.</summary>
public sealed class RecordsSample
{
    [Fact]
    public async Task Every_run_leaves_its_lines_in_a_file()
    {
        using var folder = new AuditFolder();
        string path = folder.File;

        // sample
        await using (var enclave = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (name, args, context) => new(new { City = args["city"].AsString(), Celsius = 21 }),
            Audit = new AuditOptions { Sink = new JsonLinesAuditSink(path), Arguments = AuditArguments.Full },
        }))
        {
            await enclave.RunAsync("return await callTool('weather', { city: 'Bern' })", new RunOptions { Tenant = "acme" });
        }

        string[] lines = await File.ReadAllLinesAsync(path);
        Console.WriteLine(string.Join('\n', lines)); // the tool call, then the run
        // end

        Assert.Equal(["tool", "run"], lines.Select((line) => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task A_run_is_recorded_saved_and_replayed()
    {
        using var folder = new AuditFolder();
        string path = folder.File;

        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (name, args, context) => new(Random.Shared.Next(100)),
        });
        const string Code = "const stock = await callTool('stock', { sku: 'A1' }); console.log(stock); return stock + Math.random()";
        ExecutionResult result = await enclave.RunAsync(Code, new RunOptions { Record = true });
        await using (FileStream file = File.Create(path)) await result.Recording!.SaveAsync(file);

        await using FileStream saved = File.OpenRead(path);
        ExecutionRecording recording = await ExecutionRecording.LoadAsync(saved);
        ReplayReport same = await enclave.ReplayAsync(recording);
        ReplayReport changed = await enclave.ReplayAsync(recording with { Code = Code.Replace("A1", "B2") });

        Console.WriteLine(same.Matches); // True
        Console.WriteLine(changed.Difference); // tool call 1, at $.sku: recorded stock {"sku":"A1"}, replayed stock {"sku":"B2"}
        // end

        Assert.True(same.Matches);
        Assert.Equal("tool call 1, at $.sku: recorded stock {\"sku\":\"A1\"}, replayed stock {\"sku\":\"B2\"}", changed.Difference?.ToString());
    }

    [Fact]
    public async Task A_failed_run_is_kept_and_replayed()
    {
        using var folder = new AuditFolder();
        string[] args = [$"{folder.File}.kept"];

        // sample
        var keep = new KeepRecordings { Store = RecordingStore.InFolder(args[0]) };
        await using var enclave = new EnclaveHost(new EnclaveOptions { KeepRecordings = keep });

        ExecutionResult result = await enclave.RunAsync("throw new Error('dice: ' + Math.random())");
        ExecutionRecording? recording = await keep.FindAsync(result.RunId!);
        Console.WriteLine((await enclave.ReplayAsync(recording!)).Matches); // True
        // end

        Assert.Equal(result.Error!.Message, recording!.Result.Error!.Message);
        Assert.True((await enclave.ReplayAsync(recording)).Matches);
    }
}
