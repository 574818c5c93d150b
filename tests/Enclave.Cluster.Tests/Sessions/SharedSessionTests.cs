using System.Net;
using System.Text.Json;
using Enclave.Cluster.Tests.Checking;
using Enclave.Cluster.Tests.Load;
using Enclave.Cluster.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Sessions;

/// <summary>Sessions in a shared store whose scripts run on runtimes at queues, across processes: every broker can serve every session.</summary>
[Collection(QuietClusterTests.Name)]
public sealed class SharedSessionTests(QuietCluster quiet) : IDisposable
{
    private const string Tenant = "tenant-01";

    private static int s_sessions;

    private readonly Brokers _brokers = new(quiet.Process);
    private readonly string _id = $"s_shared{Interlocked.Increment(ref s_sessions)}";

    private BrokerAddress One => quiet.Process.Brokers[0];

    private BrokerAddress Two => quiet.Process.Brokers[1];

    private BrokerAddress Three => quiet.Process.Brokers[2];

    public void Dispose() => _brokers.Dispose();

    [Fact]
    public async Task A_session_opened_at_one_broker_is_read_at_another_while_it_runs()
    {
        using var opened = await OpenAsync(One, "console.log('before'); const a = await callTool('work:step', { step: 1 }); console.log('after'); return a");
        using var elsewhere = await ReadAsync(Two, 1);
        string call = await opened.UntilAsync("tool_call");
        await elsewhere.UntilAsync("tool_call");

        Assert.Equal(HttpStatusCode.OK, await PostAsync(One, "tool-result", $$"""{"callId":"{{call}}","result":"x"}"""));
        string[] here = await opened.AllAsync(), there = await elsewhere.AllAsync();

        Assert.Equal(here, there);
        Assert.Equal("ok", EventPeek.Code(here[^1]));
        Assert.Equal(here, (await StoredAsync()).Events.Select((happened) => happened.Line.TrimEnd('\n')));
    }

    [Fact]
    public async Task A_tool_call_is_answered_at_another_broker_once()
    {
        using var opened = await OpenAsync(One, "const a = await callTool('work:step', { step: 1 }); return a.n + 1");
        string call = await opened.UntilAsync("tool_call");

        HttpStatusCode first = await PostAsync(Two, "tool-result", $$"""{"callId":"{{call}}","result":{"n":41} }"""), again = await PostAsync(
            Three, "tool-result", $$"""{"callId":"{{call}}","result":{"n":1} }""");
        string[] lines = await opened.AllAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (first, again));
        Assert.Equal(42, EventPeek.Payload(lines[^1]).GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task A_session_is_cancelled_at_another_broker()
    {
        using var opened = await OpenAsync(One, "await callTool('work:step', { step: 1 })");
        await opened.UntilAsync("tool_call");

        HttpStatusCode cancelled = await PostAsync(Three, "cancel", """{"reason":"enough"}""");
        string[] lines = await opened.AllAsync();

        Assert.Equal(HttpStatusCode.OK, cancelled);
        Assert.Equal("SESSION_CANCELLED", EventPeek.Code(lines[^1]));
        Assert.Equal("enough", EventPeek.Payload(lines[^1]).GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_reader_at_a_broker_that_was_killed_goes_on_at_another()
    {
        // Opened at the second broker and read at the first: the killed one only sent the stream.
        using var opened = await OpenAsync(Two, "console.log('before'); const a = await callTool('work:step', { step: 1 }); console.log('after'); return a");
        using var held = await ReadAsync(One, 1);
        string call = await held.UntilAsync("tool_call");
        int seen = held.Seen.Count;

        await quiet.Process.DoAsync("broker-1", "kill");
        try
        {
            using var resumed = await ReadAsync(Three, seen + 1);
            Assert.Equal(HttpStatusCode.OK, await PostAsync(Three, "tool-result", $$"""{"callId":"{{call}}","result":"x"}"""));
            string[] rest = await resumed.AllAsync();

            Assert.Equal("ok", EventPeek.Code(rest[^1]));
            Assert.Equal((await StoredAsync()).Events.Select((happened) => happened.Line.TrimEnd('\n')), held.Seen.Take(seen).Concat(rest));
        }
        finally
        {
            await quiet.Process.DoAsync("broker-1", "start");
        }
    }

    [Fact]
    public async Task A_session_of_a_killed_broker_has_one_end_which_all_others_tell()
    {
        using var opened = await OpenAsync(One, "console.log('before'); await callTool('work:step', { step: 1 })");
        await opened.UntilAsync("tool_call");
        int seen = opened.Seen.Count;

        await quiet.Process.DoAsync("broker-1", "kill");
        try
        {
            using var two = await ReadAsync(Two, seen + 1);
            using var three = await ReadAsync(Three, 1);
            string[] rest = await two.AllAsync(), all = await three.AllAsync();

            Assert.Equal("BROKER_LOST", EventPeek.Code(all[^1]));
            Assert.Equal(all, opened.Seen.Take(seen).Concat(rest));
            Assert.Single(all, (line) => EventPeek.Head(line).Type == "final");
        }
        finally
        {
            await quiet.Process.DoAsync("broker-1", "start");
        }
    }

    [Fact]
    public async Task A_session_that_lost_its_runtime_has_one_end_and_is_not_run_again()
    {
        using var opened = await OpenAsync(One, "await callTool('work:step', { step: 1 })");
        await opened.UntilAsync("tool_call");
        string[] runtimes = [.. quiet.Process.Parts.Where((part) => part.Kind == "runtime").Select((part) => part.Name)];

        await Task.WhenAll(runtimes.Select((runtime) => quiet.Process.DoAsync(runtime, "kill")));
        await Task.WhenAll(runtimes.Select((runtime) => quiet.Process.DoAsync(runtime, "start")));
        string[] lines = await opened.AllAsync();

        Assert.Equal("RUNTIME_LOST", EventPeek.Code(lines[^1]));
        Assert.Single(lines, (line) => EventPeek.Head(line).Type == "tool_call");
    }

    private async Task<EventLines> OpenAsync(BrokerAddress broker, string code)
    {
        string body = JsonSerializer.Serialize(new { code, sessionId = _id, tools = new[] { ClusterProcess.Tool } });
        return await EventLines.OfAsync(await Within.Deadline(
            _brokers.SendAsync(broker, Tenant, HttpMethod.Post, "/sessions", body, null, CancellationToken.None), "answer to an opening"));
    }

    private async Task<EventLines> ReadAsync(BrokerAddress broker, int from) =>
        await EventLines.OfAsync(await Within.Deadline(_brokers.SendAsync(
            broker, Tenant, HttpMethod.Get, $"/sessions/{_id}/stream?fromSeq={from}", null, null, CancellationToken.None), "answer to a reader"));

    private async Task<HttpStatusCode> PostAsync(BrokerAddress broker, string what, string body)
    {
        using HttpResponseMessage answer = await Within.Deadline(
            _brokers.SendAsync(broker, Tenant, HttpMethod.Post, $"/sessions/{_id}/{what}", body, null, CancellationToken.None), $"answer to {what}");
        return answer.StatusCode;
    }

    private async Task<StoredSession> StoredAsync() => (await StoreReader.ReadAsync(quiet.Process.StoreOwner)).Single((session) => session.Id == _id);
}
