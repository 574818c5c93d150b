using System.Diagnostics.Metrics;
using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Errors;
using Enclave.Broker.Fleet;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Broker.Stats;
using Enclave.Broker.Store;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Broker.PostgreSql.Tests;

/// <summary>A broker without HTTP and without a sandbox: its directory on a store.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private TestBroker(ISessionStore store, BrokerOptions options)
    {
        Store = store;
        var figures = new SessionEndCounts(new BrokerMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        Sessions = new SessionDirectory(options, store, new ScriptedExecutor(), figures, TimeProvider.System, NullLogger.Instance);
    }

    public ISessionStore Store { get; }

    public SessionDirectory Sessions { get; }

    public static BrokerOptions Options => new() { MaxSessions = 10_000, MaxSessionsPerOwner = 5_000, RequestsPerMinute = 1_000_000, ClientTools = ["ask"] };

    public static Task<TestBroker> InMemory(BrokerOptions? options = null) => Start(new MemorySessionStore(options ?? Options), options);

    public static Task<TestBroker> On(string connectionString, BrokerOptions? options = null, Action<PostgreSqlStoreOptions>? configure = null)
    {
        PostgreSqlStoreOptions store = StoreOptions(connectionString);
        configure?.Invoke(store);
        return Start(new PostgreSqlSessionStore(
            store, options ?? Options, new FleetTable(new FleetOptions(), TimeProvider.System), TimeProvider.System, NullLogger.Instance), options);
    }

    /// <summary>Times for tests, wide enough for a machine that has much to do.</summary>
    public static PostgreSqlStoreOptions StoreOptions(string connectionString) => new()
    {
        ConnectionString = connectionString,
        Heartbeat = TimeSpan.FromMilliseconds(200),
        Lease = TimeSpan.FromSeconds(3),
        Poll = TimeSpan.FromMilliseconds(250),
        Patience = TimeSpan.FromSeconds(20),
    };

    public static Caller By(string? owner) => new(owner, owner);

    public static SessionRequest Asks(string code, string? id = null, string? key = null, string? digest = null) => new()
    {
        Code = code,
        SessionId = id,
        ClientTools = ["ask"],
        IdempotencyKey = key,
        Digest = digest is null ? default : System.Text.Encoding.UTF8.GetBytes(digest),
    };

    public async Task<(ISessionView? Session, BrokerError? Refusal)> TryOpen(Caller caller, SessionRequest request) =>
        await Within.Deadline(Sessions.OpenAsync(caller, request, CancellationToken.None).AsTask(), "answer to an opening");

    public async Task<ISessionView> Open(Caller caller, SessionRequest request)
    {
        (ISessionView? session, BrokerError? refusal) = await TryOpen(caller, request);
        Assert.True(session is not null, refusal?.Code);
        return session;
    }

    public async Task<ISessionView?> Find(Caller caller, string id) =>
        await Within.Deadline(Store.FindAsync(caller, id, CancellationToken.None).AsTask(), "answer to a search");

    public async Task<ISessionView> Get(Caller caller, string id)
    {
        ISessionView? found = await Find(caller, id);
        Assert.True(found is not null, $"{id} is not there");
        return found;
    }

    /// <summary>Reads to the last event; numbers are checked.</summary>
    public static async Task<List<JsonElement>> ReadAll(ISessionView session, long from = 1)
    {
        var all = new List<JsonElement>();
        session.ReaderCame();
        try
        {
            while (true)
            {
                var events = new List<LoggedEvent>();
                ReadOutcome outcome = await Within.Deadline(
                    session.ReadAsync(from + all.Count, events, CancellationToken.None).AsTask(), $"event after number {from + all.Count - 1} of {session.Id}");
                if (outcome == ReadOutcome.Ended) return all;
                Assert.Equal(ReadOutcome.Events, outcome);
                foreach (LoggedEvent found in events)
                {
                    JsonElement happened = JsonElement.Parse(found.Sent.Span);
                    Assert.Equal(from + all.Count, happened.GetProperty("seq").GetInt64());
                    Assert.Equal(found.Seq, happened.GetProperty("seq").GetInt64());
                    all.Add(happened);
                }
            }
        }
        finally
        {
            session.ReaderLeft();
        }
    }

    /// <summary>Waits until an event of a kind is there.</summary>
    public static async Task Sees(ISessionView session, string type, int times = 1)
    {
        long from = 1;
        int seen = 0;
        while (true)
        {
            var events = new List<LoggedEvent>();
            ReadOutcome outcome = await Within.Deadline(session.ReadAsync(from, events, CancellationToken.None).AsTask(), $"{type} of {session.Id}");
            Assert.Equal(ReadOutcome.Events, outcome);
            seen += events.Count((found) => found.Type == type);
            if (seen >= times) return;
            from = events[^1].Seq + 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Within.Deadline(Sessions.DisposeAsync().AsTask(), "end of the sessions");
        await Within.Deadline(Store.DisposeAsync().AsTask(), "end of the store");
        await _services.DisposeAsync();
    }

    private static async Task<TestBroker> Start(ISessionStore store, BrokerOptions? options)
    {
        await Within.Deadline(store.StartAsync(CancellationToken.None), "start of the store");
        return new TestBroker(store, options ?? Options);
    }
}
