using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>Streams, recordings and the audit are views of one list of events: what they have of it agrees, in order, whatever runs at once.</summary>
public sealed class OneHistoryTests
{
    private const string Code = """
        const calls = Array.from({ length: 12 }, (_, i) => (i % 5 === 4 ? callTool('fail', { i }) : callTool('find', { i })).then(
          (value) => console.log('found', value), (error) => console.log('failed', error.message)));
        await Promise.race(calls);
        console.log('first');
        await Promise.all(calls);
        return await callTool('find', { i: 'last' });
        """;

    [Fact]
    public async Task Views_of_a_run_agree_with_each_other()
    {
        for (int round = 0; round < TestSize.Of(20, 2_000); round++)
        {
            var sink = new MemorySink();
            var random = new Random(round);
            var events = new List<ExecutionEvent>();
            await using (EnclaveHost host = Host(sink, random))
            {
                await foreach (ExecutionEvent happened in host.StreamAsync(Code, new RunOptions { Record = true })) events.Add(happened);
            }

            ExecutionResult result = Assert.IsType<FinishedEvent>(events[^1]).Result;
            Assert.True(result.Success, result.Error?.Message);
            string[] streamed = [.. events.Select(Shown).OfType<string>()];
            Assert.Equal(12 + 1 + 12 + 1 + 1 + 12, streamed.Length);
            Assert.Equal(streamed, result.Recording!.Events.Select(Shown));
            Assert.Equal(result.Stdout, string.Concat(events.OfType<ConsoleEvent>().Select((line) => line.Text + "\n")));
            // The audit has a record for a call when it is answered.
            Assert.Equal(
                events.OfType<ToolResultEvent>().Select((answer) => (answer.CallId, answer.Name, answer.Error?.Data?["code"])),
                sink.Records.Where((record) => record.Kind == AuditRecordKind.ToolCall)
                    .Select((record) => ($"c_{record.Call}", record.Tool!, (object?)record.ToolErrorCode)));
        }
    }

    [Fact]
    public async Task The_end_is_told_after_the_answer_that_led_to_it_however_fast_the_worker_is()
    {
        var told = new List<string>();
        var job = new ExecutionJob(1, null!, default!, [], null, (_) => { }) { Tools = null!, Memory = null!, Observers = [new Listener(told)] };
        Task ended = Task.CompletedTask;

        // The answer is sent, and the worker's result is here before it was told of.
        job.Tell(() =>
        {
            var error = new ExecutionError { Code = ErrorCode.RuntimeError, Name = "Error", Message = "x" };
            ended = Task.Run(() => job.TrySettle(ResultBuilder.Failure(error, new ExecutionStats(), "", "run")));
            Within.Becomes(() => job.IsSettled, "the run had its result").GetAwaiter().GetResult();
            return new ToolResultEvent { Call = 1, Name = "find", Value = ScriptValue.Undefined, Elapsed = TimeSpan.Zero };
        });
        await Within.Deadline(ended, "end");

        Assert.Equal(["tool_result", "end"], told);
    }

    /// <summary>The part of an event that a recording keeps; null for an event that it does not keep.</summary>
    private static string? Shown(ExecutionEvent happened) => happened switch
    {
        ConsoleEvent line => $"{line.Level} {line.Text}",
        ToolCallEvent call => $"{call.CallId} {call.Name} {call.Args}",
        ToolResultEvent answer => $"{answer.CallId} {answer.Value} {answer.Error?.Message}",
        _ => null,
    };

    private static EnclaveHost Host(MemorySink sink, Random random) => new(new EnclaveOptions
    {
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 },
        Audit = new AuditOptions { Sink = sink },
        ToolHandler = async (name, args, context) =>
        {
            int yields;
            lock (random) yields = random.Next(6);
            for (int i = 0; i < yields; i++) await Task.Yield();
            return name == "find" ? args["i"] : throw new ToolException("no such row") { Code = "E404" };
        },
    });

    private sealed class Listener(List<string> told) : IRunObserver
    {
        public void Take(ExecutionJob job, ExecutionEvent happened) => told.Add(happened.Type);

        public void Settled(ExecutionJob job, ExecutionResult? result) => told.Add("end");
    }
}
