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
}
