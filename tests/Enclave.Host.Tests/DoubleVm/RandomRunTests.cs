using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Random scripts in real isolates: calls in sequence and at once, refusals, failures, tools that never answer, timeouts, cancelled runs.</summary>
public sealed class RandomRunTests
{
    private const int AtOnce = 60;

    private readonly ConcurrentDictionary<(string Run, int Call), int> _made = [];
    private readonly ConcurrentQueue<CancellationToken> _tokens = [];

    [Fact]
    public async Task Each_call_is_made_once_and_nothing_outlives_its_run()
    {
        int batches = TestSize.Of(1, 30), seed = Environment.TickCount;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 2, MaxWorkers = 2, MaxQueueSize = AtOnce },
            ToolHandler = Tool,
            DoubleVm = new DoubleVmOptions
            {
                ToolPolicy = "let calls = 0; return (call) => { calls++; if (call.args.kind === 'throw') throw { calls }; return call.args.kind !== 'refuse' " +
                    "&& calls === call.callNumber }",
            },
        });
        await Within.Deadline(host.WarmUpAsync(), "warm workers");

        for (int i = 0; i < batches; i++) await Task.WhenAll(Enumerable.Range(i * AtOnce, AtOnce).Select((n) => OneAsync(host, n, new Random(seed + n))));

        Assert.All(_made.Values, (count) => Assert.Equal(1, count));
        Assert.NotEmpty(_made);
        await Within.Becomes(() => host.GetSnapshot() is { ActiveWorkers: 0, Outer.ActiveWorkers: 0, Outer.QueueDepth: 0 }, "nobody worked any more");
        await Within.Becomes(() => _tokens.All((token) => token.IsCancellationRequested), "every tool was told that its run had ended");
        PoolSnapshot outer = host.GetSnapshot().Outer!;
        Assert.Equal(outer.Submitted, outer.Settled);
    }

    private static async Task OneAsync(EnclaveHost host, int n, Random random)
    {
        string[] kinds = [.. Enumerable.Range(0, random.Next(1, 9))
            .Select((_) => random.Next(12) switch { < 6 => "echo", < 8 => "refuse", < 9 => "throw", < 11 => "fail", _ => "hang" })];
        bool hangs = kinds.Contains("hang");
        string calls = string.Join(", ", kinds.Select((kind, i) => $"() => callTool('echo', {{ run: '{n}', call: {i}, kind: '{kind}' }})"));
        string code = random.Next(2) == 0
            ? $"const settled = await Promise.allSettled([{calls}].map((call) => call())); return settled.map((one) => one.value ?? one.reason.code ?? " +
            "'none').join()"
            : $"const out = []; for (const call of [{calls}]) {{ try {{ out.push(await call()) }} catch (e) {{ out.push(e.code ?? 'none') }} }} " +
            "return out.join()";
        using var cancel = new CancellationTokenSource(random.Next(6) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 200)) : TimeSpan.FromMinutes(5));
        var options = new RunOptions { Timeout = hangs ? TimeSpan.FromMilliseconds(random.Next(50, 500)) : null };
        try
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(code, options, cancel.Token), $"answer of run {n}");
            if (hangs) Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
            else Assert.Equal(string.Join(',', kinds.Select((kind, i) => Expected(kind, n, i))), result.Value.AsString());
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    private static string Expected(string kind, int n, int i) => kind switch
    {
        "echo" => string.Create(CultureInfo.InvariantCulture, $"{n}.{i}"),
        "refuse" => "TOOL_REFUSED_BY_POLICY",
        "throw" => "TOOL_POLICY_FAILED",
        _ => "TOOL_FAILED",
    };

    private async ValueTask<object?> Tool(string name, ScriptValue args, ToolContext context)
    {
        _made.AddOrUpdate((args["run"].AsString(), args["call"].AsInt32()), 1, (_, count) => count + 1);
        _tokens.Enqueue(context.CancellationToken);
        if (args["call"].AsInt32() % 2 == 0) await Task.Yield();
        switch (args["kind"].AsString())
        {
            case "fail": throw new InvalidOperationException("a tool's own trouble");
            case "hang": await Task.Delay(Timeout.Infinite, context.CancellationToken); break;
        }

        return $"{args["run"].AsString()}.{args["call"].AsInt32().ToString(CultureInfo.InvariantCulture)}";
    }
}
