using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Streams of runs that call, print and fail at random, with readers that are slow, leave and cancel at random.</summary>
public sealed class StreamScheduleTests
{
    private const string Code =
        "for (const step of plan) { if (step.lines) { for (let i = 0; i < step.lines; i++) console.log(i) } else { await Promise.all(step.calls.map((kind) " +
        "=> callTool('tool', { kind }).catch((e) => e.message))) } } return 'end'";

    private static readonly string[] s_kinds = ["quick", "later", "fail", "report"];

    [Fact]
    public async Task The_order_holds_and_every_run_ends_whatever_it_does_and_however_it_is_read()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = Answer, MaxConsoleCalls = 10_000 });

        for (int seed = 0; seed < TestSize.Of(200, 5000); seed++)
        {
            ExecutionEvent[] seen = await Within.Deadline(ReadAsync(host, new Random(seed)), $"end of the reading (seed {seed})");
            Check(seen, seed);
        }

        await Within.Becomes(
            () => host.GetSnapshot() is { ActiveWorkers: 0, QueueDepth: 0 } snapshot && snapshot.Settled == snapshot.Submitted, "every run had ended");
    }

    private static async Task<ExecutionEvent[]> ReadAsync(EnclaveHost host, Random random)
    {
        object[] plan = [.. Enumerable.Range(0, random.Next(1, 6)).Select((_) => random.Next(2) == 0
            ? (object)new { Lines = random.Next(1, 100) }
            : new { Calls = Enumerable.Range(0, random.Next(1, 5)).Select((_) => s_kinds[random.Next(s_kinds.Length)]).ToArray() })];
        var options = new RunOptions { MaxBufferedEvents = random.Next(2) == 0 ? 16 : 1024, Globals = new Dictionary<string, object?> { ["plan"] = plan } };
        int leavesAt = random.Next(3) == 0 ? random.Next(1, 30) : int.MaxValue;
        using var cancel = new CancellationTokenSource();
        var seen = new List<ExecutionEvent>();
        bool left = false;
        await foreach (ExecutionEvent e in host.StreamAsync(Code, options, cancel.Token))
        {
            seen.Add(e);
            if (random.Next(4) == 0) await Task.Yield();
            if (seen.Count < leavesAt) continue;
            left = random.Next(2) == 0;
            if (left) break;
            await cancel.CancelAsync();
        }

        if (!left) Assert.IsType<FinishedEvent>(seen[^1]);
        return [.. seen];
    }

    private static void Check(ExecutionEvent[] seen, int seed)
    {
        Assert.True(seen.Select((e) => e.Sequence).SequenceEqual(Enumerable.Range(1, seen.Length).Select((n) => (long)n)), $"seed {seed}: a gap");
        Assert.True(seen[0] is StartedEvent && seen.Count((e) => e is StartedEvent) == 1, $"seed {seed}: {seen[0].ToJsonString()} is first");
        Assert.True(!seen.SkipLast(1).Any((e) => e is FinishedEvent), $"seed {seed}: something follows the end");
        bool lostTools = seen.OfType<EventsDroppedEvent>().Any((e) => e.ToolEvents > 0);
        var open = new HashSet<string>();
        foreach (ExecutionEvent e in seen)
        {
            bool fits = e switch
            {
                ToolCallEvent call => open.Add(call.CallId),
                ToolResultEvent answer => open.Remove(answer.CallId),
                ToolProgressEvent progress => open.Contains(progress.CallId),
                PartialResultEvent part => open.Contains(part.CallId),
                _ => true,
            };
            Assert.True(fits || lostTools, $"seed {seed}: {e.ToJsonString()} out of its order");
        }

        if (seen[^1] is not FinishedEvent end) return;
        // The caller may have cancelled the run before its end.
        if (end.Result.Error?.Code == ErrorCode.Cancelled) return;
        Assert.True(end.Result.Success && (open.Count == 0 || lostTools), $"seed {seed}: {end.Result.Error?.Message}, {open.Count} calls without an answer");
        long lines = end.Result.Stdout.Count((c) => c == '\n');
        Assert.Equal((seed, lines), (seed, seen.Count((e) => e is ConsoleEvent) + seen.OfType<EventsDroppedEvent>().Sum((e) => e.ConsoleLines)));
    }

    private static async ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context)
    {
        switch (args["kind"].AsString())
        {
            case "fail": throw new ToolException("no");
            case "later": await Task.Yield(); break;
            case "report":
                context.ReportProgress(fraction: 0.5);
                await Task.Yield();
                context.EmitPartial(["part"], 1);
                break;
        }

        return args;
    }
}
