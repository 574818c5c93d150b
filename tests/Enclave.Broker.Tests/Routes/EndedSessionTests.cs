using Enclave.Broker.Access;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Streaming;
using Enclave.Testing;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Ended sessions in the memory of a broker.</summary>
public sealed class EndedSessionTests : ISessionOwner, IDisposable
{
    private const int MaxEndedBytes = 64 << 20;

    private static readonly Caller s_caller = new("owner", null);

    private readonly BrokerOptions _options = new() { MaxSessionsPerOwner = 100_000 };
    private readonly ManualClock _clock = new();
    private readonly MemorySessionStore _store;

    public EndedSessionTests() => _store = new MemorySessionStore(_options);

    public void Dispose() => _store.Dispose();

    /// <summary>Their events are 12 MB, and their objects more than 64.</summary>
    [Fact]
    public async Task Sessions_without_events_count_too()
    {
        for (int i = 0; i < 40_000; i++) await EndAsync($"s_{i}");

        Assert.InRange(_store.Known, 1_000, MaxEndedBytes / 2_000);
        Assert.NotNull(await FindAsync("s_39999"));
        Assert.Null(await FindAsync("s_0"));
    }

    [Fact]
    public async Task A_list_has_the_newest_thousand()
    {
        for (int i = 0; i < 1_001; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await EndAsync($"s_{i}");
        }

        IReadOnlyList<ISessionView> listed = await _store.ListAsync(s_caller, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, 1_000).Reverse().Select((i) => $"s_{i}"), listed.Select((session) => session.Id));
    }

    [Fact]
    public async Task A_session_that_is_read_counts_until_its_reader_leaves()
    {
        BrokerSession session = await EndAsync("s_read");
        session.ReaderCame();

        _clock.Advance(_options.Retention);
        _store.Sweep();
        Assert.Null(await FindAsync("s_read"));
        Assert.Equal((ReadOutcome.Events, 1), Read(session));

        session.ReaderLeft();
        _store.Sweep();
        Assert.Equal((ReadOutcome.Lost, 0), Read(session));
    }

    [Fact]
    public async Task Slow_readers_do_not_hold_what_the_broker_has_no_room_for()
    {
        BrokerSession session = await EndAsync("s_slow");
        session.ReaderCame();

        for (int bytes = 0; bytes < MaxEndedBytes; bytes += 4_000_000) (await EndAsync($"s_{bytes}", 4_000_000)).ReaderCame();

        Assert.Equal((ReadOutcome.Lost, 0), Read(session));
    }

    [Fact]
    public async Task Sessions_that_nobody_reads_make_room_for_those_that_are_read()
    {
        BrokerSession session = await EndAsync("s_read", 4_000_000);
        session.ReaderCame();

        for (int bytes = 0; bytes < MaxEndedBytes; bytes += 4_000_000) await EndAsync($"s_{bytes}", 4_000_000);

        Assert.Equal((ReadOutcome.Events, 1), Read(session));
    }

    [Fact]
    public async Task Nobody_loses_a_session_to_an_owner_that_holds_more()
    {
        BrokerSession quiet = await EndAsync("s_quiet", 4_000_000, new Caller("quiet", null)), first = await EndAsync("s_first", 4_000_000);

        for (int bytes = 0; bytes < 2 * MaxEndedBytes; bytes += 4_000_000) (await EndAsync($"s_{bytes}", 4_000_000)).ReaderCame();

        Assert.Equal((ReadOutcome.Lost, 0), Read(first));
        Assert.Equal((ReadOutcome.Events, 1), Read(quiet));
    }

    /// <summary>Its client has hardly begun to read it.</summary>
    [Fact]
    public async Task The_newest_session_is_kept_whatever_it_holds()
    {
        BrokerSession before = await EndAsync("s_before"), large = await EndAsync("s_large", MaxEndedBytes + 1, maxBytes: 1 << 30);

        Assert.Equal((ReadOutcome.Lost, 0), Read(before));
        Assert.Equal((ReadOutcome.Events, 1), Read(large));
        await EndAsync("s_after");
        Assert.Equal((ReadOutcome.Lost, 0), Read(large));
    }

    void ISessionOwner.OnFinalEvent(BrokerSession session, Final final) => _store.OnFinalEvent(session);

    private async Task<BrokerSession> EndAsync(string id, int resultLength = 1, Caller? caller = null, long maxBytes = 16 << 20)
    {
        var session = new BrokerSession(
            id, caller ?? s_caller, new SessionRequest { Code = "" }, new EnclaveSessionOptions(), new EventLines(id, maxBytes), this, _clock);
        Assert.True((await _store.AdmitAsync(session, CancellationToken.None)).IsNew);
        session.Add(new Stdout(new string('x', resultLength)));
        session.Add(session.Failure("CODE", "it ended"));
        session.ForgetProgram();
        _store.OnRunEnded(session);
        return session;
    }

    private async Task<ISessionView?> FindAsync(string id) => await _store.FindAsync(s_caller, id, CancellationToken.None);

    private static (ReadOutcome Outcome, long First) Read(BrokerSession session)
    {
        List<LoggedEvent> events = [];
        session.Events.Read(1, events, out ReadOutcome outcome);
        return (outcome, events.Count == 0 ? 0 : events[0].Seq);
    }
}
