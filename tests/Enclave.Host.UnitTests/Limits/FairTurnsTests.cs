using Enclave.Limits;
using Enclave.Tests;

namespace Enclave.Host.Tests.Limits;

/// <summary>Work of many owners, a few at the same time.</summary>
public sealed class FairTurnsTests
{
    private readonly FairTurns _turns = new(4);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _working = [];
    private int _begun, _atOnce, _most;

    [Fact]
    public async Task A_few_work_at_once_and_one_of_an_owner()
    {
        Task[] all = [.. Enumerable.Range(0, 200).Select((i) => WorkAsync($"owner {i % 40}"))];
        await Within.Becomes(() => Volatile.Read(ref _begun) == 4, "the first have begun");

        _go.SetResult();

        await Within.Deadline(Task.WhenAll(all), "end of all");
        Assert.Equal((200, 4), (_begun, _most));
    }

    [Fact]
    public async Task An_owner_with_much_work_delays_no_other()
    {
        Task[] flood = [.. Enumerable.Range(0, 1_000).Select((_) => WorkAsync("loud"))];

        Task other = WorkAsync("quiet");

        await Within.Becomes(() => Volatile.Read(ref _begun) == 2, "the other owner's has begun");
        _go.SetResult();
        await Within.Deadline(Task.WhenAll([other, .. flood]), "end of all");
    }

    [Fact]
    public async Task Work_that_nobody_waits_for_gives_up_its_turn()
    {
        Task first = WorkAsync("owner");
        using var left = new CancellationTokenSource();
        Task<IDisposable?> second = _turns.TryEnterAsync("owner", Timeout.InfiniteTimeSpan, left.Token);
        IDisposable? late = await _turns.TryEnterAsync("owner", TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);

        await left.CancelAsync();

        Assert.Null(late);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(second, "end of the second"));
        _go.SetResult();
        await Within.Deadline(first, "end of the first");
        await Within.Deadline(WorkAsync("owner"), "end of the third");
    }

    private async Task WorkAsync(string owner)
    {
        using IDisposable? turn = await _turns.TryEnterAsync(owner, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
        Assert.NotNull(turn);
        lock (_working)
        {
            Assert.True(_working.Add(owner), "two of one owner");
            _begun++;
            _most = Math.Max(_most, ++_atOnce);
        }

        await _go.Task;
        await Task.Yield();
        lock (_working)
        {
            _atOnce--;
            _working.Remove(owner);
        }
    }
}
