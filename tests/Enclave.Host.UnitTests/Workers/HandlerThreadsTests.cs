using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Host.Tests;

/// <summary>Who has the next thread for code of the application.</summary>
[Collection(Alone.Name)]
public sealed class HandlerThreadsTests : IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private int _inside;

    public void Dispose() => _open.Dispose();

    [Fact]
    public async Task A_run_holds_16_threads_and_its_further_work_waits_for_one_of_them()
    {
        var run = new HandlerTurns("a");
        Task<int>[] all = [.. Enumerable.Range(0, 40).Select((_) => run.Run(Block))];

        await Within.Becomes(() => run.Held == HandlerThreads.MaxOfRun, "the run held as many threads as it may", () => $"it held {run.Held}");
        Assert.Equal((16, 24), (HandlerThreads.MaxOfRun, run.Waiting.Count));
        Assert.Equal(1, await Within.Deadline(new HandlerTurns("a").Run(() => Task.FromResult(1)), "answer of another run"));
        _open.Set();

        Assert.All(await Within.Deadline(Task.WhenAll(all), "answers"), (most) => Assert.InRange(most, 1, 16));
    }

    [Fact]
    public async Task A_tenant_holds_half_of_the_threads_and_another_one_finds_a_free_thread()
    {
        HandlerTurns[] runs = [.. Enumerable.Range(0, 12).Select((_) => new HandlerTurns("a"))];
        Task<int>[] all = [.. runs.SelectMany((run) => Enumerable.Range(0, 16).Select((_) => run.Run(Block)))];
        await Within.Becomes(() => Volatile.Read(ref _inside) == HandlerThreads.MaxOfTenant, "128 held a thread", () => $"{Volatile.Read(ref _inside)} did");

        Task<int> same = new HandlerTurns("a").Run(() => Task.FromResult(2));
        Assert.Equal(1, await Within.Deadline(new HandlerTurns("b").Run(() => Task.FromResult(1)), "answer of another tenant"));
        Assert.Equal((false, 128), (same.IsCompleted, runs.Sum((run) => run.Held)));
        _open.Set();

        Assert.Equal(2, await Within.Deadline(same, "answer of the same tenant"));
        await Within.Deadline(Task.WhenAll(all), "answers");
        await Within.Becomes(() => runs.All((run) => run is { Held: 0, Place: null }), "no run held anything");
    }

    [Fact]
    public async Task What_the_hosts_part_posts_first_runs_on_the_same_thread_and_further_work_elsewhere()
    {
        var run = new HandlerTurns("a");
        Task<Thread>? first = null, second = null;

        Thread reader = OnReader(run, () =>
        {
            first = run.Run(ThreadOf);
            second = run.Run(ThreadOf);
        });

        Assert.Same(reader, await Within.Deadline(first!, "first answer"));
        Assert.NotSame(reader, await Within.Deadline(second!, "second answer"));
    }

    [Fact]
    public void Nothing_waits_for_a_thread_on_which_code_of_the_application_has_begun()
    {
        var run = new HandlerTurns("a");
        bool isBegun = false;
        Thread? other = null;

        // A handler that blocks on another call of its run.
        Thread reader = OnReader(run, () =>
        {
            isBegun = HandlerThreads.TryBegin(run);
            Task<Thread> next = run.Run(ThreadOf);
            if (next.Wait(TimeSpan.FromSeconds(30))) other = next.Result;
        });

        Assert.True(isBegun);
        Assert.NotNull(other);
        Assert.NotSame(reader, other);
    }

    [Fact]
    public async Task Work_has_the_context_of_its_caller_and_its_exception_is_its_answer()
    {
        var local = new AsyncLocal<string?> { Value = "the caller's" };
        var run = new HandlerTurns("a");

        Assert.Equal("the caller's", await Within.Deadline(run.Run(() => Task.FromResult(local.Value)), "value"));
        local.Value = null;
        Assert.Null(await Within.Deadline(run.Run(() => Task.FromResult(local.Value)), "value"));
        await Assert.ThrowsAsync<InvalidDataException>(() => run.Run<int>(() => throw new InvalidDataException()));
        await Assert.ThrowsAsync<TaskCanceledException>(() => run.Run(() => Task.FromCanceled<int>(new CancellationToken(true))));
    }

    private Task<int> Block()
    {
        Assert.False(Thread.CurrentThread.IsThreadPoolThread);
        int now = Interlocked.Increment(ref _inside);
        Assert.True(_open.Wait(TimeSpan.FromMinutes(1)), "the handlers were not released");
        Interlocked.Decrement(ref _inside);
        return Task.FromResult(now);
    }

    /// <summary>
    /// Has a thread like one that reads frames do the host's part of a call. It is the test's own: an earlier test may have continued on one of the threads
    /// for handlers, and so may this test's code.
    /// </summary>
    private static Thread OnReader(HandlerTurns run, Action work)
    {
        var reader = new Thread(() => HandlerThreads.RunHere(run, new Part(work)));
        reader.Start();
        Assert.True(reader.Join(TimeSpan.FromMinutes(1)), "the reader's thread did not end");
        return reader;
    }

    private static Task<Thread> ThreadOf() => Task.FromResult(Thread.CurrentThread);

    private sealed class Part(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}
