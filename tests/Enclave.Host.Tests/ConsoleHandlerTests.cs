using System.Collections.Concurrent;
using Enclave.Events;
using Enclave.Runs;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Console handlers that hang: the run still answers, once, and in time.</summary>
public sealed class ConsoleHandlerTests : IAsyncLifetime
{
    private readonly EnclaveHost _host = new(new EnclaveOptions().WithoutGuard());
    private readonly ManualResetEventSlim _held = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ManualClock _time = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _held.Set();
        await _host.DisposeAsync();
        _held.Dispose();
    }

    [Fact]
    public async Task A_handler_that_hangs_does_not_withhold_the_answer_and_gets_its_lines_later()
    {
        ExecutionResult result = await Within.Deadline(_host.RunAsync("console.log('a'); console.log('b'); return 7", Held()), "answer");

        Assert.Equal(7, result.Value.AsInt32());
        Assert.Empty(_lines);
        _held.Set();
        await Within.Becomes(() => _lines.Count == 2, "the handler had both lines");
        Assert.Equal(["a", "b"], _lines);
    }

    [Fact]
    public async Task The_time_limit_ends_a_run_whose_handler_hangs()
    {
        ExecutionResult result = await Within.Deadline(
            _host.RunAsync("console.log('a'); for(;;){}", Held() with { Timeout = TimeSpan.FromMilliseconds(100) }), "answer");

        Assert.Equal(ErrorCode.Timeout, result.Error!.Code);
    }

    [Fact]
    public async Task A_stream_ends_although_the_handler_hangs()
    {
        Task<ExecutionEvent> last = LastAsync(_host.StreamAsync("console.log('a'); return 7", Held()));

        Assert.IsType<FinishedEvent>(await Within.Deadline(last, "end of the stream"));
    }

    [Fact]
    public async Task The_answer_waits_for_a_slow_handler_no_longer_than_the_grace()
    {
        Task<int> answers = await Finishing(CancellationToken.None);

        _time.Advance(ConsolePump.Grace - TimeSpan.FromTicks(1));
        Assert.False(answers.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(1, await Within.Deadline(answers, "answer after the grace"));
    }

    [Fact]
    public async Task A_cancel_ends_the_wait_for_a_slow_handler()
    {
        using var cancel = new CancellationTokenSource();
        Task<int> answers = await Finishing(cancel.Token);

        await cancel.CancelAsync();

        Assert.Equal(1, await Within.Deadline(answers, "answer after the cancel"));
    }

    [Fact]
    public async Task A_handler_that_ends_within_the_grace_has_all_lines_before_the_answer()
    {
        Task<int> answers = await Finishing(CancellationToken.None);

        _held.Set();

        Assert.Equal(1, await Within.Deadline(answers, "answer after the last line"));
        Assert.Equal(["a", "b"], _lines);
    }

    /// <summary>A pump of two lines that has been told to finish while its handler hangs. The task ends with the number of answers.</summary>
    private async Task<Task<int>> Finishing(CancellationToken token)
    {
        var answered = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        int answers = 0;
        var pump = new ConsolePump(Hold, (_) => { }, "", _time);
        pump.Post(new ConsoleLine(ConsoleLevel.Log, "a"));
        pump.Post(new ConsoleLine(ConsoleLevel.Log, "b"));
        await Within.Deadline(_entered.Task, "first line");
        pump.Finish(() => answered.TrySetResult(Interlocked.Increment(ref answers)), token);
        return answered.Task;
    }

    private RunOptions Held() => new() { OnConsole = Hold };

    private void Hold(ConsoleLine line)
    {
        _entered.TrySetResult();
        _held.Wait();
        _lines.Enqueue(line.Text);
    }

    private static async Task<ExecutionEvent> LastAsync(IAsyncEnumerable<ExecutionEvent> events)
    {
        ExecutionEvent? last = null;
        await foreach (ExecutionEvent next in events) last = next;
        return last!;
    }
}
