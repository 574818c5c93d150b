using Enclave.Broker.Sessions;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Reads of the journals of durable sessions.</summary>
public sealed class JournalReadTests : IDisposable
{
    private readonly JournalReads _reads = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _reading = [];
    private int _begun, _atOnce, _most;

    public void Dispose() => _reads.Dispose();

    [Fact]
    public async Task Few_journals_are_read_at_once_and_one_of_an_owner()
    {
        Task<bool>[] all = [.. Enumerable.Range(0, 200).Select((i) => ReadAsync($"owner {i % 40}"))];
        await Within.Becomes(() => Volatile.Read(ref _begun) == 4, "the first reads have begun");

        _go.SetResult();

        Assert.All(await Within.Deadline(Task.WhenAll(all), "end of all reads"), Assert.True);
        Assert.Equal((200, 4), (_begun, _most));
    }

    [Fact]
    public async Task A_read_that_nobody_waits_for_gives_up_its_turn()
    {
        Task<bool> first = ReadAsync("owner");
        using var left = new CancellationTokenSource();
        Task<bool> second = _reads.TryAsync("owner", () => Task.CompletedTask, left.Token);

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(second, "end of the second read"));
        _go.SetResult();
        Assert.True(await Within.Deadline(first, "end of the first read"));
        Assert.True(await Within.Deadline(ReadAsync("owner"), "end of the third read"));
    }

    private Task<bool> ReadAsync(string owner) => _reads.TryAsync(
        owner,
        async () =>
        {
            lock (_reading)
            {
                Assert.True(_reading.Add(owner), "two reads of one owner");
                _begun++;
                _most = Math.Max(_most, ++_atOnce);
            }

            await _go.Task;
            await Task.Yield();
            lock (_reading)
            {
                _atOnce--;
                _reading.Remove(owner);
            }
        },
        TestContext.Current.CancellationToken);
}
