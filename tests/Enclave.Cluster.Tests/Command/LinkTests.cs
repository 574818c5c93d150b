using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Command;

/// <summary>The links between brokers, runtimes and the two servers; and clocks.</summary>
[Collection(OneClusterAtATime.Name)]
public sealed class LinkTests(SharedCluster shared) : IAsyncLifetime
{
    private const string Store = "broker-1>postgres";

    private RunningCluster Cluster => shared.Cluster;

    public async ValueTask InitializeAsync() => await Cluster.IsWhole();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task There_is_one_from_each_to_each_server_that_it_uses()
    {
        (_, JsonElement links) = await Cluster.Ask(HttpMethod.Get, "/links");

        Assert.Equal(
            ["broker-1>postgres", "broker-1>rabbitmq", "broker-2>postgres", "broker-2>rabbitmq", "runtime-1>rabbitmq", "runtime-2>rabbitmq"],
            links.EnumerateArray().Select((link) => link.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(links.EnumerateArray(), (link) => Assert.Equal("open", link.GetProperty("state").GetString()));
        Assert.All(links.EnumerateArray(), (link) => Assert.True(link.GetProperty("connections").GetInt32() > 0));
    }

    [Theory]
    [InlineData("broker-1", "broker-1>postgres")]
    [InlineData("broker-2", "broker-2>rabbitmq")]
    [InlineData("runtime-1", "runtime-1>rabbitmq")]
    public async Task A_part_whose_link_is_cut_says_so_and_is_well_when_it_is_mended(string part, string link)
    {
        Assert.Equal("cut", (await Cluster.Do($"/links/{link}", new { state = "cut" })).GetProperty("state").GetString());
        await Cluster.HealthBecomes(part, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(0, (await Cluster.Link(link)).GetProperty("connections").GetInt32());

        await Cluster.Do($"/links/{link}", new { state = "open" });
        await Cluster.HealthBecomes(part, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stalled_link_passes_nothing_keeps_its_connections_and_goes_on()
    {
        Uri broker = await Cluster.Address("broker-1");
        int connections = (await Cluster.Do($"/links/{Store}", new { state = "stalled" })).GetProperty("connections").GetInt32();
        // Data that was on its way when the link stalled has passed by then.
        await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        JsonElement before = await Cluster.Link(Store);

        Task<(HttpStatusCode Status, JsonElement[])> running = Cluster.Run(broker, "return 1");
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None));
        JsonElement after = await Cluster.Link(Store);
        bool ended = running.IsCompleted;
        await Cluster.Do($"/links/{Store}", new { state = "open" });

        Assert.False(ended);
        Assert.Equal((before.GetProperty("bytesToServer").GetInt64(), before.GetProperty("bytesFromServer").GetInt64()),
            (after.GetProperty("bytesToServer").GetInt64(), after.GetProperty("bytesFromServer").GetInt64()));
        Assert.True(after.GetProperty("connections").GetInt32() >= connections);
        Assert.Equal(HttpStatusCode.OK, (await running).Status);
        await Cluster.HealthBecomes("broker-1", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slow_link_passes_no_more_bytes_than_it_may()
    {
        const int rate = 20_000;
        await Cluster.Do($"/links/{Store}", new { bytesPerSecond = rate });
        long from = (await Cluster.Link(Store)).GetProperty("bytesToServer").GetInt64();
        var clock = Stopwatch.StartNew();

        (HttpStatusCode status, _) = await Cluster.Run(
            await Cluster.Address("broker-1"), "for (let i = 0; i < 50; i++) console.log('x'.repeat(1000)); return 1");
        long passed = (await Cluster.Link(Store)).GetProperty("bytesToServer").GetInt64() - from;
        TimeSpan taken = clock.Elapsed;
        JsonElement open = await Cluster.Do($"/links/{Store}", new { bytesPerSecond = (int?)null });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(passed > 50_000, $"{passed} bytes passed");
        // One piece may have been on its way before the measurement began.
        Assert.True(passed <= (rate * taken.TotalSeconds) + 16_384, $"{passed} bytes passed in {taken.TotalSeconds} s");
        Assert.Equal(JsonValueKind.Null, open.GetProperty("bytesPerSecond").ValueKind);
        await Cluster.HealthBecomes("broker-1", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_late_link_is_late_both_ways()
    {
        await Cluster.Do($"/links/{Store}", new { delayMs = 150 });
        var clock = Stopwatch.StartNew();

        (HttpStatusCode status, _) = await Cluster.Run(await Cluster.Address("broker-1"), "return 1");
        TimeSpan taken = clock.Elapsed;
        await Cluster.Do($"/links/{Store}", new { delayMs = 0 });

        Assert.Equal(HttpStatusCode.OK, status);
        // Opening and ending are one commit each.
        Assert.True(taken >= TimeSpan.FromMilliseconds(4 * 150), $"it took {taken.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task A_stepped_clock_is_one_brokers_time_of_day_and_nobody_elses()
    {
        Assert.SkipUnless(RunningCluster.HasClocks, "libfaketime is not installed: apt-get install -y libfaketime");
        Uri stepped = await Cluster.Address("broker-1"), other = await Cluster.Address("broker-2");

        JsonElement step = await Cluster.Do("/clocks/broker-1", new { stepSeconds = 7200 });
        DateTimeOffset there = await Expiry(stepped), here = await Expiry(other);
        var clock = Stopwatch.StartNew();
        (_, JsonElement[] waited) = await Cluster.Run(stepped, "return await callTool('nap', {})");
        TimeSpan taken = clock.Elapsed;
        JsonElement back = await Cluster.Do("/clocks/broker-1", new { stepSeconds = -7200 });

        Assert.Equal((7200, 0), (step.GetProperty("offsetSeconds").GetInt32(), back.GetProperty("offsetSeconds").GetInt32()));
        Assert.InRange((there - here).TotalSeconds, 7200 - 60, 7200 + 60);
        Assert.InRange((here - TimeProvider.System.GetUtcNow()).TotalMinutes, 0, 5);
        Assert.InRange(taken.TotalSeconds, 0.3, 30);
        Assert.Equal(1, waited[^1].GetProperty("payload").GetProperty("result").GetInt32());
        Assert.InRange((await Expiry(stepped) - TimeProvider.System.GetUtcNow()).TotalMinutes, 0, 5);
    }

    [Theory]
    [InlineData("/links/broker-1>nobody", """{ "state": "cut" }""", 404)]
    [InlineData("/links/broker-1>postgres", """{ "state": "gone" }""", 400)]
    [InlineData("/links/broker-1>postgres", """{ "state": 1 }""", 400)]
    [InlineData("/links/broker-1>postgres", """{ "delayMs": -1 }""", 400)]
    [InlineData("/links/broker-1>postgres", """{ "delayMs": 60001 }""", 400)]
    [InlineData("/links/broker-1>postgres", """{ "bytesPerSecond": 0 }""", 400)]
    [InlineData("/links/broker-1>postgres", """{ "speed": 1 }""", 400)]
    [InlineData("/links/broker-1>postgres", "[]", 400)]
    [InlineData("/links/broker-1>postgres", "{", 400)]
    [InlineData("/links/broker-1>postgres", "", 400)]
    [InlineData("/parts/broker-9/kill", null, 404)]
    [InlineData("/parts/broker-1/fly", null, 404)]
    [InlineData("/parts/broker-1/resume", null, 409)]
    [InlineData("/parts/broker-1/start", null, 409)]
    [InlineData("/clocks/postgres", """{ "stepSeconds": 1 }""", 404)]
    [InlineData("/clocks/broker-1", """{ "stepSeconds": 1000000000 }""", 400)]
    [InlineData("/nothing", null, 404)]
    public async Task An_impossible_request_is_refused_with_a_reason(string path, string? body, int status)
    {
        Assert.SkipWhen(path.StartsWith("/clocks/broker", StringComparison.Ordinal) && !RunningCluster.HasClocks,
            "libfaketime is not installed: apt-get install -y libfaketime");

        (HttpStatusCode answered, JsonElement answer) = await Cluster.Ask(HttpMethod.Post, path, body, Cluster.Ready.GetProperty("controlToken").GetString());

        Assert.Equal(status, (int)answered);
        Assert.NotEmpty(answer.GetProperty("reason").GetString()!);
        Assert.Equal("open", (await Cluster.Link(Store)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Faults_are_for_who_has_the_token_and_says_where_it_is()
    {
        string token = Cluster.Ready.GetProperty("controlToken").GetString()!;

        Assert.Equal(HttpStatusCode.Unauthorized, (await Cluster.Ask(HttpMethod.Get, "/parts", null, null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Cluster.Ask(HttpMethod.Post, "/parts/broker-1/kill", null, token + "0")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Cluster.Ask(HttpMethod.Post, "/parts/broker-1/kill", null, Cluster.Token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Cluster.Ask(HttpMethod.Get, "/parts", null, token, host: "evil.example")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Cluster.Ask(HttpMethod.Delete, "/parts", null, token)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Cluster.Ask(HttpMethod.Post, $"/links/{Store}", new string(' ', 5000), token)).Status);
        Assert.Equal("ready", await Cluster.State("broker-1"));
    }

    private async Task<DateTimeOffset> Expiry(Uri broker)
    {
        (_, JsonElement[] events) = await Cluster.Run(broker, "return 1");
        return events[0].GetProperty("payload").GetProperty("expiresAt").GetDateTimeOffset();
    }
}
