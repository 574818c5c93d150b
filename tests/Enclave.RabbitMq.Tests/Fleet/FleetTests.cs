using System.Text.Json;
using Enclave.Broker;
using Enclave.Broker.Fleet;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Tests.Wire;
using Enclave.RabbitMq.Wire;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.RabbitMq.Tests.Fleet;

/// <summary>The report of one broker about all brokers and runtimes at its server.</summary>
public sealed class FleetTests(RabbitServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-fleet-");

    [Fact]
    public async Task Two_brokers_and_two_runtimes_are_told_of_by_either()
    {
        await using var app = new QueueApp(server.Address);
        // Each broker declares the queue of its level.
        BrokerApp one = await Broker(app, "one", SecurityLevel.Standard), other = await Broker(app, "other", SecurityLevel.Secure);
        RuntimeOverQueues first = await app.Runtime(sessions: 3);
        await app.Runtime(sessions: 5, worker: (options) => options with { SecurityLevel = SecurityLevel.Secure });
        await QueueApp.Ready(one);
        await one.Run("return 1");

        foreach (BrokerApp asked in (BrokerApp[])[one, other])
        {
            JsonElement fleet = default;
            await Within.Becomes(
                () =>
                {
                    fleet = asked.Get("/fleet").GetAwaiter().GetResult();
                    // A broker that has just started reports before it has met its runtime, and a runtime's report may be of before the end of the run.
                    return fleet.GetProperty("brokers").GetArrayLength() == 2
                        && fleet.GetProperty("brokers").EnumerateArray().All((broker) => Text(broker, "state") == "ok")
                        && fleet.GetProperty("runtimes").EnumerateArray().Count((runtime) => runtime.TryGetProperty("pool", out _)) == 2
                        && fleet.GetProperty("brokers").EnumerateArray().Single((broker) => Text(broker, "name") == "one").GetProperty("total").GetInt32() == 1
                        && fleet.GetProperty("queues").EnumerateArray().Any(
                            (queue) => Text(queue, "name") == "standard.default" && queue.GetProperty("free").GetInt32() == 3);
                },
                "all of them are told of",
                () => fleet.GetRawText());
            Assert.All(fleet.GetProperty("brokers").EnumerateArray(), (broker) => Assert.Equal(
                ("ok", "queues"), (Text(broker, "state"), Text(broker, "mode"))));
            Assert.Equal([(3, "standard", "standard.default"), (5, "secure", "secure.default")], fleet.GetProperty("runtimes").EnumerateArray()
                .Select((runtime) => (runtime.GetProperty("slots").GetInt32(), Text(runtime, "level"), runtime.GetProperty("queues")[0].GetString()!)).Order());
            Assert.All(fleet.GetProperty("runtimes").EnumerateArray(), (runtime) => Assert.Matches(@"^\d+\.\d+\.\d+$", Text(runtime, "version")));
            JsonElement queue = fleet.GetProperty("queues").EnumerateArray().Single((queue) => Text(queue, "name") == "standard.default");
            Assert.Equal((0, 3), (queue.GetProperty("waiting").GetInt32(), queue.GetProperty("free").GetInt32()));
        }

        Assert.Equal(1, first.Worker.GetStats().TotalSessions);
    }

    [Fact]
    public async Task Runs_that_wait_at_two_brokers_add_up_with_the_age_of_the_oldest()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp one = await Broker(app, "one"), other = await Broker(app, "other");
        HttpResponseMessage[] waiting =
            [await one.Post("""{ "code": "return 1" }"""), await other.Post("""{ "code": "return 1" }"""), await other.Post("""{ "code": "return 1" }""")];

        JsonElement queue = default;
        await Within.Becomes(
            () =>
            {
                JsonElement queues = one.Get("/fleet").GetAwaiter().GetResult().GetProperty("queues");
                return queues.GetArrayLength() == 1 && (queue = queues[0]).GetProperty("waiting").GetInt32() == 3;
            },
            "three wait");

        Assert.Equal(0, queue.GetProperty("free").GetInt32());
        Assert.InRange(queue.GetProperty("ageMs").GetInt64(), 1, 30_000);
        // A broker's report may fall between the queueing of a session and its count among the tenants.
        string tenants = "";
        await Within.Becomes(() => (tenants = one.Get("/fleet").GetAwaiter().GetResult()
            .GetProperty("tenants").GetRawText()) == """[{"name":"","running":0,"waiting":3,"refused":0}]""", "the tenant has three waiting", () => tenants);
        await app.Runtime();
        foreach (HttpResponseMessage response in waiting) Assert.Equal(1, (await BrokerApp.Events(response)).Final().GetProperty("result").GetInt32());
        await Within.Becomes(() => one.Get("/fleet").GetAwaiter().GetResult().GetProperty("queues")[0] is var after
            && after.GetProperty("waiting").GetInt32() == 0 && after.GetProperty("free").GetInt32() == 4, "all slots are free again");
        foreach (HttpResponseMessage response in waiting) response.Dispose();
    }

    [Fact]
    public async Task A_runtime_and_a_broker_that_are_killed_fall_silent_and_then_go()
    {
        Uri address = server.Fresh();
        string file = Path.Combine(_folder.FullName, "queue");
        await File.WriteAllTextAsync(file, address + "\n");
        await using var app = new QueueApp(address) { Prefix = "enclave" };
        BrokerApp asked = await Broker(app, "asked");
        await using CliServer runtime = await CliServer.Runtime("--max-sessions", "1", "--queue-file", file), broker = await CliServer.Broker(
            0, "--queue-file", file, "--level", "standard");
        await Within.Becomes(() => States(asked, "runtimes") is ["ok"] && States(asked, "brokers") is ["ok", "ok"], "both are there", () =>
            asked.Get("/fleet").GetAwaiter().GetResult().GetRawText());

        runtime.Kill();
        broker.Kill();

        await Within.Becomes(() => States(asked, "runtimes") is ["silent"], "the runtime is silent", () => string.Join(' ', States(asked, "runtimes")));
        await Within.Becomes(() => States(asked, "brokers").Contains("silent"), "the broker is silent", () => string.Join(' ', States(asked, "brokers")));
        await Within.Becomes(
            () => States(asked, "runtimes") is [] && States(asked, "brokers").Length == 1, "both are gone", () => string.Join(' ', States(asked, "brokers")));
    }

    [Fact]
    public async Task A_peer_that_is_no_broker_does_not_pass_for_one_and_wrong_figures_cost_no_presence()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await Broker(app, "asked");
        using var watch = new MeterWatch(broker.Services);
        await using RawPeer peer = await RawPeer.Connect(app);
        var names = new QueueNames(app.Prefix);
        ReadOnlyMemory<byte> forged = FleetJson.Write(new BrokerPart("forged", "forged", "ok"));

        // Over the exchanges that runtimes may write to.
        await peer.Publish(names.Presence, "", MessageTypes.Fleet, null, forged);
        await peer.Publish(names.Presence, "", MessageTypes.Presence, null,
            """{"queues":["standard.default"],"slots":2,"active":1,"brokers":{},"figures":{"kind":"broker","id":"x","name":"x","state":"ok"}}"""u8.ToArray());
        await Within.Becomes(() => broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode, "its presence is believed");
        JsonElement bare = (await broker.Get("/fleet")).GetProperty("runtimes").EnumerateArray().Single();
        Assert.Equal((peer.Id, peer.Id[..8], "standard", 2, false),
            (Text(bare, "id"), Text(bare, "name"), Text(bare, "level"), bare.GetProperty("slots").GetInt32(), bare.TryGetProperty("pool", out _)));
        await peer.Publish(names.Presence, "", MessageTypes.Presence, null, """
            {
              "queues":["standard.default"],"slots":2,"active":1,"brokers":{},
              "figures":{"kind":"runtime","id":"somebody-else","name":"peer","state":"ok","slots":200,"used":-4,
                "pool":{"workers":99999999999,"security":{"protocol_violation":3}}}
            }
            """u8.ToArray());

        JsonElement runtime = default;
        await Within.Becomes(
            () =>
            {
                JsonElement runtimes = broker.Get("/fleet").GetAwaiter().GetResult().GetProperty("runtimes");
                return runtimes.GetArrayLength() == 1 && (runtime = runtimes[0]).TryGetProperty("pool", out _);
            },
            "the runtime's figures are told of");
        // A runtime's report cannot change its identity or contradict its presence.
        Assert.Equal((peer.Id, 2, 1), (Text(runtime, "id"), runtime.GetProperty("slots").GetInt32(), runtime.GetProperty("used").GetInt32()));
        Assert.Equal(1_000_000, runtime.GetProperty("pool").GetProperty("workers").GetInt32());
        JsonElement fleet = await broker.Get("/fleet");
        Assert.Equal("asked", Text(fleet.GetProperty("brokers").EnumerateArray().Single(), "name"));
        await Within.Becomes(() => watch.Recorded("enclave.dispatch.refused").Any((sample) => sample.Tags == "reason=no message transport=rabbitmq"),
            "the forged one was refused");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string[] States(BrokerApp asked, string list) =>
        [.. asked.Get("/fleet").GetAwaiter().GetResult().GetProperty(list).EnumerateArray().Select((part) => Text(part, "state"))];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static Task<BrokerApp> Broker(QueueApp app, string name, SecurityLevel level = SecurityLevel.Standard) => app.Broker(
        enclave: (options) => options.SecurityLevel = level,
        services: (services) => services.Configure<FleetOptions>((fleet) =>
        (fleet.Name, fleet.Interval, fleet.Silence, fleet.Forget) = (name, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9))),
        routes: static (application) =>
        {
            application.MapEnclaveBroker().AllowAnonymous();
            application.MapEnclaveBrokerFleet().AllowAnonymous();
        });
}
