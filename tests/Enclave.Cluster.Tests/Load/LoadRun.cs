using System.Globalization;
using Enclave.Cluster.Tests.Servers;

namespace Enclave.Cluster.Tests.Load;

/// <summary>Runs a plan on the cluster: every session with its own client and at its own time, independent of the others.</summary>
internal sealed class LoadRun(ClusterProcess cluster, RunFolder folder)
{
    /// <summary>How long a client tries: far longer than any session may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Completes when every client has its last event or has given up.</summary>
    public async Task RunAsync(IReadOnlyList<PlannedSession> plan)
    {
        using var brokers = new Brokers(cluster);
        using RecordFile<ToolRecord> tools = folder.Tool();
        Dictionary<string, RecordFile<ClientRecord>> logs = plan.Select((session) => session.Tenant).Distinct().ToDictionary((tenant) => tenant, folder.Client);
        var desk = new ToolRunner(brokers, tools);
        long begun = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(plan.Select(async (session, turn) =>
        {
            TimeSpan wait = session.At - TimeProvider.System.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            using var late = new CancellationTokenSource(s_patience);
            await new SessionClient(session, brokers, desk, logs[session.Tenant], turn).RunAsync(late.Token);
        }));
        foreach (RecordFile<ClientRecord> log in logs.Values) log.Dispose();
    }

    /// <summary>Reads every session again from its first event, at each broker.</summary>
    public async Task ReadAgainAsync(IReadOnlyList<PlannedSession> plan)
    {
        using var brokers = new Brokers(cluster);
        using RecordFile<ClientRecord> log = folder.Client("again");
        var all = plan.SelectMany((session) => cluster.Brokers.Select((broker) => (session, broker)));
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, cancellationToken) =>
        {
            (PlannedSession session, BrokerAddress broker) = one;
            using HttpResponseMessage answer = await brokers.SendAsync(
                broker, session.Tenant, HttpMethod.Get, $"/sessions/{session.Id}/stream?fromSeq=1", null, null, cancellationToken);
            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            ClientRecord Record(ClientRecordKind kind, string line) => new(Clock.Now, session.Tenant, session.Id, broker.Name, kind, line);
            if (!answer.IsSuccessStatusCode)
                log.Add(Record(ClientRecordKind.Missing, string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {text}")));
            else foreach (string line in text.Split('\n')[..^1]) log.Add(Record(ClientRecordKind.ReadAgain, line));
        });
    }
}
