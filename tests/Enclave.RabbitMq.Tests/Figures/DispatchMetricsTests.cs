using System.Text;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Tests.Wire;
using Enclave.RabbitMq.Wire;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.RabbitMq.Tests.Figures;

/// <summary>The metrics of a broker over queues for an autoscaler.</summary>
public sealed class DispatchMetricsTests(RabbitServer server)
{
    private const string Default = "class=default level=standard queue=standard.default transport=rabbitmq",
        Partners = "class=partners level=secure queue=secure.partners transport=rabbitmq";

    [Fact]
    public async Task Waiting_and_its_age_are_told_by_level_and_class()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker(
            (options) => options.TenantOf = (tenant) =>
                tenant is null ? new QueueTenant() : new QueueTenant { Level = SecurityLevel.Secure, TrustClass = "partners" }, services: static (services) =>
                    services.AddEnclaveBrokerTokens(static (tokens) => tokens.Add("partner-token-of-tests", "partner")));
        using var watch = new MeterWatch(broker.Services);
        Task<HttpResponseMessage>[] opened = [broker.Post("""{ "code": "return 1" }"""), broker.Post("""{ "code": "return 1" }"""), broker.Send(
            HttpMethod.Post, "/sessions", """{ "code": "return 1" }""", "partner-token-of-tests")];
        foreach (HttpResponseMessage response in await Task.WhenAll(opened)) Assert.Equal(200, (int)response.StatusCode);

        Assert.Equal([(Default, 2), (Partners, 1)], Rounded(watch.Observe("enclave.dispatch.waiting")));
        Assert.Equal([(Default, 0), (Partners, 0)], Rounded(watch.Observe("enclave.dispatch.slots.free")));
        double age = Age(watch);
        await Within.Becomes(() => Age(watch) > age + 0.1, "the oldest got older", () => $"it was {age} s old and is {Age(watch)} s");
        Assert.Empty(watch.Recorded("enclave.dispatch.wait"));

        await app.Runtime(sessions: 3);
        foreach (HttpResponseMessage response in (HttpResponseMessage[])[await opened[0], await opened[1]]) await BrokerApp.Events(response);

        await Within.Becomes(() => Rounded(watch.Observe("enclave.dispatch.slots.free")).Contains((Default, 3)), "the slots are free again");
        Assert.Equal([(Default, 0), (Partners, 1)], Rounded(watch.Observe("enclave.dispatch.waiting")));
        Assert.Equal(0, watch.Observe("enclave.dispatch.age").Single((sample) => sample.Tags == Default).Value);
        MeterWatch.Sample[] waits = watch.Recorded("enclave.dispatch.wait");
        Assert.Equal([Default, Default], waits.Select((sample) => sample.Tags));
        Assert.All(waits, (sample) => Assert.InRange(sample.Value, 0.1, 60));
        foreach (HttpResponseMessage response in await Task.WhenAll(opened)) response.Dispose();
    }

    [Fact]
    public async Task Runs_with_the_server_and_refused_runs_are_counted()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxWaiting = 1);
        using var watch = new MeterWatch(broker.Services);
        await using RawPeer peer = await RawPeer.Connect(app);
        await peer.Listen((_) => { });
        await Within.Becomes(() => peer.Present(1).IsCompletedSuccessfully && broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode,
            "the broker believes in a runtime");
        Task<JsonElement[]> first = broker.Run("return 1");
        (string run, string id, _) = await peer.TakeRun();

        Assert.Equal([(Default, 1)], Rounded(watch.Observe("enclave.dispatch.published")));
        Assert.Equal([(Default, 1)], Rounded(watch.Observe("enclave.dispatch.slots.free")));
        await peer.Reply(id, MessageTypes.Event, run, "{}", 1);
        await peer.Reply(id, "nonsense", run, "{}");
        await Within.Becomes(() => watch.Recorded("enclave.dispatch.refused").Length == 2, "two messages were refused");
        Assert.Equal(["reason=foreign event transport=rabbitmq", "reason=no message transport=rabbitmq"],
            watch.Recorded("enclave.dispatch.refused").Select((sample) => sample.Tags).Order(StringComparer.Ordinal));

        await peer.Reply(id, MessageTypes.Ask, run, "{}");
        await Within.Becomes(() => watch.Recorded("enclave.dispatch.wait").Length == 1, "it has begun");
        Assert.Equal([(Default, 0)], Rounded(watch.Observe("enclave.dispatch.published")));
    }

    [Fact]
    public async Task A_refused_session_is_counted_by_its_code()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxWaiting = 1);
        using var watch = new MeterWatch(broker.Services);
        using HttpResponseMessage waits = await broker.Post("""{ "sessionId": "s_1", "code": "return 1" }""");

        for (int i = 0; i < 3; i++) (await broker.Post("""{ "code": "return 1" }""")).Dispose();

        Assert.Equal([("code=QUEUE_FULL", 1), ("code=QUEUE_FULL", 1), ("code=QUEUE_FULL", 1)], Rounded(watch.Recorded("enclave.sessions.refused")));
    }

    private static double Age(MeterWatch watch) => watch.Observe("enclave.dispatch.age").Single((sample) => sample.Tags == Default).Value;

    private static (string Tags, int Value)[] Rounded(IEnumerable<MeterWatch.Sample> samples) =>
        [.. samples.Select((sample) => (sample.Tags, (int)sample.Value)).OrderBy((sample) => sample.Tags, StringComparer.Ordinal)];
}
