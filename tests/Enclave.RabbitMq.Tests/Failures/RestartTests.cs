using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Failures;

/// <summary>A server that is killed and restarted.</summary>
public sealed class RestartTests
{
    /// <summary>
    /// A server takes up to half a minute to restart on a busy machine, longer than a session may
    /// wait in the queue. A session lost there ends with that error.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90), s_queueTimeout = TimeSpan.FromSeconds(55);

    [Fact]
    public async Task A_server_that_is_killed_under_load_costs_no_session_its_one_answer()
    {
        await using var server = new RabbitServer();
        await server.InitializeAsync();
        await using var app = new QueueApp(server.Address);
        var effects = new Effects();
        BrokerApp broker = await app.Broker((options) => options.QueueTimeout = s_queueTimeout, effects.Add);
        RuntimeOverQueues[] runtimes = [await app.Runtime(), await app.Runtime()];
        await QueueApp.Ready(broker);
        await Within.Becomes(() => server.HasWrittenDown("runs.standard"), "the server would know its queue again");
        Task<JsonElement[]>[] all = [.. Enumerable.Range(0, 40)
            .Select((n) => broker.Run($"await callTool('effect', {{ name: '{n}' }}); await callTool('time:sleep', {{ ms: 200 }}); return {n};", s_patience))];
        await Within.Becomes(() => effects.Seen.Length >= 8, "some have begun");

        server.Kill();
        await server.StartAsync();

        foreach (RuntimeOverQueues runtime in runtimes)
            await Within.Becomes(() => runtime.Queues.Fault is null, "the runtime is connected again", () => runtime.Queues.Fault ?? "");
        await QueueApp.Ready(broker);
        JsonElement[][] ended = await Task.WhenAll(all);
        Assert.All(ended, (events) => Assert.Single(events, (happened) => happened.Type() == "final"));
        // A run that had begun is lost and ran once; one that had not ran afterwards, unless the server took longer to restart than it could wait.
        JsonElement[] failed = [.. ended.Select((events) => events.Final()).Where((final) => !final.GetProperty("ok").GetBoolean())];
        Assert.Contains(failed, (final) => final.ErrorCode() == "RUNTIME_LOST");
        Assert.All(failed.Where((final) => final.ErrorCode() != "RUNTIME_LOST"), (final) =>
        {
            Assert.Equal("RUNTIME_UNAVAILABLE", final.ErrorCode());
            // Timers have another clock than durations, and may be some milliseconds early.
            double waited = final.GetProperty("stats").GetProperty("durationMs").GetDouble();
            Assert.InRange(waited, s_queueTimeout.TotalMilliseconds - 100, s_patience.TotalMilliseconds);
        });
        Assert.Equal(effects.Seen.Length, effects.Seen.Distinct().Count());
        Assert.Equal(1, (await broker.Run("return 1")).Final().GetProperty("result").GetInt32());
    }
}
