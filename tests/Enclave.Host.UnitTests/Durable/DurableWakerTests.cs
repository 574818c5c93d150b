using Enclave.Durable;
using Enclave.Journals;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>The memory of runs that a host could not wake.</summary>
public sealed class DurableWakerTests : IAsyncDisposable
{
    private static readonly RunKey s_key = new(null, "a");

    private readonly ManualClock _clock = new();
    private readonly RunStore _store = RunStore.InMemory();
    private readonly LogLines _log = new();
    private readonly DurableWaker _waker;

    public DurableWakerTests()
    {
        var host = new DurableHost
        {
            Options = new DurableOptions { Store = _store },
            Room = null!,
            MaxWaking = 1,
            Clock = _clock,
            Log = _log,
            Keys = null!,
            Refusal = null,
            MaxRunBytes = 0,
            Memory = null!,
            WhyNot = null!,
            Engine = () => "",
            Tools = null!,
            Watch = null!,
            Open = null!,
            Run = null!,
        };
        _waker = new DurableWaker(host, (_, _) => throw new InvalidOperationException("not now"), () => []);
    }

    public async ValueTask DisposeAsync()
    {
        _waker.Stop();
        await Within.Deadline(_waker.Stopped, "end of the waker");
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task The_failures_of_a_run_that_is_gone_are_forgotten()
    {
        await AddAsync();
        _waker.Start();
        await FailsAsync("1 times in a row");
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        await FailsAsync("2 times in a row");
        Assert.True(await _store.DeleteAsync(s_key, RemovePurpose.Damaged, TestContext.Current.CancellationToken));

        // Long after the time of its next try.
        _clock.Advance(TimeSpan.FromMinutes(10));
        _waker.Signal();
        await AddAsync();
        _waker.Signal();

        await Within.Becomes(() => _log.All.Count == 3, "it is tried again", () => string.Join('\n', _log.Texts));
        Assert.Contains("1 times in a row", _log.Texts.Last(), StringComparison.Ordinal);
    }

    private Task FailsAsync(string how) =>
        Within.Becomes(() => _log.Texts.LastOrDefault()?.Contains(how, StringComparison.Ordinal) == true && _clock.Armed > 0, $"it failed {how}");

    private async Task AddAsync()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        var run = new StoredRun
        {
            Key = s_key,
            Journal = Guid.NewGuid(),
            Origin = [],
            Created = now,
            Changed = now,
            State = DurableRunState.Suspended,
            Due = now,
        };
        await using IRunLease? lease = await _store.CreateAsync(run, new byte[1], TestContext.Current.CancellationToken);
        Assert.NotNull(lease);
    }
}
