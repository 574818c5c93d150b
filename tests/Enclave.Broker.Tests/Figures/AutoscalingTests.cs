using System.Net;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Figures;

/// <summary>The signals for an autoscaler and a load balancer.</summary>
public sealed class AutoscalingTests
{
    private const string Sleep = """{ "code": "return await callTool('time:sleep', { ms: 60000 })" }""";

    [Fact]
    public async Task The_hosts_queue_has_its_length_its_age_and_the_workers_that_are_free()
    {
        await using BrokerApp app = await BrokerApp.Open(
            enclave: (options) => options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 2 });
        using var watch = new MeterWatch(app.Services, "Enclave");
        Assert.Equal((0, 0, 2), (Now(watch, "enclave.queue.depth"), Now(watch, "enclave.queue.age"), Now(watch, "enclave.workers.free")));

        HttpResponseMessage[] open = [await app.Post(Sleep), await app.Post(Sleep), await app.Post(Sleep)];

        await Within.Becomes(() => Now(watch, "enclave.workers.free") == 0 && Now(watch, "enclave.queue.depth") == 1, "two run and one waits");
        double age = Now(watch, "enclave.queue.age");
        await Within.Becomes(() => Now(watch, "enclave.queue.age") >= age + 0.1, "the one that waits got older");
        foreach (HttpResponseMessage response in open) response.Dispose();
    }

    [Fact]
    public async Task The_wait_for_a_runtime_that_is_dialled_has_its_transport_and_no_queue()
    {
        await using RuntimeWorker runtime = await StartRuntime(0);
        await using BrokerApp app = await BrokerApp.Over((options) => options.Runtimes.Add(runtime.Address!));
        using var watch = new MeterWatch(app.Services);

        await app.Run("return 1");

        MeterWatch.Sample wait = Assert.Single(watch.Recorded("enclave.dispatch.wait"));
        Assert.Equal("transport=websocket", wait.Tags);
        Assert.InRange(wait.Value, 0, 30);
    }

    [Fact]
    public async Task Health_says_when_no_runtime_is_to_be_had_and_when_one_is_again()
    {
        int port = FreePort.Next();
        await using BrokerApp app = await BrokerApp.Over((options) => options.Runtimes.Add(new Uri($"ws://127.0.0.1:{port}/ws")));
        // Each failure doubles the pause before the next attempt.
        for (int i = 0; i < 7; i++) Assert.Equal("RUNTIME_UNAVAILABLE", (await app.Run("return 1")).Final().ErrorCode());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await Health(app));
        await using RuntimeWorker runtime = await StartRuntime(port);
        Assert.Equal(2, (await app.Run("return 2")).Final().GetProperty("result").GetInt32());
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(app));
    }

    [Fact]
    public async Task Health_says_that_the_broker_stops_before_it_does()
    {
        await using BrokerApp app = await BrokerApp.Open();
        using HttpResponseMessage running = await app.Post(Sleep);
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(app));

        Task stop = app.StopAsync();

        await Within.Becomes(() => Health(app).GetAwaiter().GetResult() == (HttpStatusCode.ServiceUnavailable, "stopping"), "health says that it stops");
        using HttpResponseMessage refused = await app.Post("""{ "code": "return 1" }""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        (await app.Http.PostAsync($"/sessions/{running.Headers.GetValues("X-Session-ID").Single()}/cancel", null)).Dispose();
        Assert.Equal("SESSION_CANCELLED", (await BrokerApp.Events(running)).Final().ErrorCode());
        await stop;
    }

    private static double Now(MeterWatch watch, string gauge) => watch.Observe(gauge).Sum((sample) => sample.Value);

    private static async Task<(HttpStatusCode Status, string? Text)> Health(BrokerApp app)
    {
        using HttpResponseMessage health = await app.Send(HttpMethod.Get, "/health");
        return (health.StatusCode, JsonElement.Parse(await health.Content.ReadAsStringAsync()).GetProperty("status").GetString());
    }

    private static async Task<RuntimeWorker> StartRuntime(int port)
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions { Port = port, SecurityLevel = SecurityLevel.Standard });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }
}
