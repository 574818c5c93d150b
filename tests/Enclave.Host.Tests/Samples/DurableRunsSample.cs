using System.Security.Cryptography;
using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/durable-runs.md. Alone, for the console that it writes to.</summary>
[Collection(Alone.Name)]
public sealed class DurableRunsSample : IDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _output = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-sample-").FullName;

    public DurableRunsSample() => Console.SetOut(_output);

    public void Dispose()
    {
        Console.SetOut(_console);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_refund_waits_for_its_approval()
    {
        string[] args = [_folder, Convert.ToHexString(RandomNumberGenerator.GetBytes(32))];

        // sample
        var options = new EnclaveOptions
        {
            Durable = new DurableOptions { Store = RunStore.InFolder(args[0]), Keys = [Convert.FromHexString(args[1])] },
        };
        options.Tools
            .Add("order", (int id) => new { id, amount = 12.5 }, new ToolOptions { Effects = ToolEffects.Reads })
            .Add("refund", (int id, ToolContext context) => $"refunded {id} ({context.IdempotencyKey})");
        await using var enclave = new EnclaveHost(options);

        DurableRun run = await enclave.StartAsync(
            """
            const order = await callTool('order', { id: args.id });
            if (order.amount > 10 && !await waitFor('approval', { timeout: '2d' })) return 'not approved';
            return await callTool('refund', { id: order.id });
            """,
            new RunOptions { Durable = "refund-42", Globals = new Dictionary<string, object?> { ["args"] = new { id = 42 } } });

        // Days later, in any process with the same store and keys:
        if (run.State == DurableRunState.Suspended) await enclave.AnswerAsync(run.Waits[0].Token, true);
        Console.WriteLine((await enclave.Runs.WaitAsync("refund-42")).Result?.Value);
        // end

        Assert.Matches("^\"refunded 42 \\([0-9a-f]{32}:3\\)\"\n$", _output.ToString());
    }

    [Fact]
    public async Task A_booking_is_undone()
    {
        var options = new EnclaveOptions();

        // sample
        options.Tools.Add("book", (string seat, ToolContext context) => $"booked {seat}", new ToolOptions
        {
            Compensate = (args, answer, context) =>
            {
                Console.WriteLine($"cancel {args["seat"].AsString()} ({answer.AsString()}, {context.IdempotencyKey})");
                return Task.CompletedTask;
            },
        });
        // end

        await using var enclave = new EnclaveHost(options);
        DurableRun run = await enclave.StartAsync("await callTool('book', { seat: '7a' }); throw new Error('full')", new RunOptions { Durable = "trip" });

        Assert.Equal((DurableRunState.Ended, "RUNTIME_ERROR"), (run.State, run.Outcome));
        Assert.Matches("^cancel 7a \\(booked 7a, [^)]+\\)\n$", _output.ToString());
    }

    [Fact]
    public async Task A_run_is_forked_with_another_script_and_answer()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("order", (int id) => new { id, amount = 12.5 }).Add("refund", (int id) => $"refunded {id}");
        await using var enclave = new EnclaveHost(options);
        const string code = "const order = await callTool('order', { id: 42 }); if (order.amount > 10) throw new Error('too much'); ";
        await enclave.StartAsync(code, new RunOptions { Durable = "refund-42" });
        string corrected = $"{code}return await callTool('refund', {{ id: order.id }})";

        // sample
        var answers = new Dictionary<string, object?> { ["c_1"] = new { id = 42, amount = 9 } };
        var fork = new ForkOptions { Name = "refund-42b", Code = corrected, Answers = answers };
        ForkPreview preview = await enclave.Runs.PreviewForkAsync("refund-42", fork);
        Console.WriteLine($"keeps {preview.Kept} events; {preview.Difference}; called again: {preview.Repeated.Count}; first: {preview.Next?.Name}");
        DurableRun forked = await enclave.Runs.ForkAsync("refund-42", fork);
        // end

        Assert.Equal("keeps 2 events; ; called again: 0; first: refund\n", _output.ToString());
        Assert.Equal("refunded 42", forked.Result!.Value.AsString());
    }
}
