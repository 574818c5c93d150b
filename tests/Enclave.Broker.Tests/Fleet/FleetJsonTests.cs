using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Broker.Fleet;

namespace Enclave.Broker.Tests.Fleet;

/// <summary>The reports of brokers and runtimes on the wire between them.</summary>
public sealed class FleetJsonTests
{
    private static readonly BrokerPart s_broker = new("b1", "host/1", "ok")
    {
        Version = "1.2.3",
        Address = "http://127.0.0.1:3000",
        Mode = "queues",
        UptimeMs = 5,
        Running = 3,
        Waiting = 2,
        Max = 100,
        Total = 9,
        Refused = 1,
        P50 = 1.5,
        P99 = 20,
        Queues = [new QueuePart("secure.default", 2, 1, 4, 250)],
        Tenants = [new TenantPart("acme", 1, 2, 3)],
        OtherTenants = 4,
    };

    private static readonly RuntimePart s_runtime = new("r1", "host/2", "stopping")
    {
        Version = "1.2.3",
        Message = "why",
        Level = "secure",
        Queues = ["secure.default"],
        Slots = 10,
        Used = 3,
        Pool = new PoolPart
        {
            Workers = 4,
            Active = 1,
            Idle = 2,
            Starting = 1,
            Max = 8,
            Queue = 5,
            QueueAgeMs = 6,
            Recycled = new Dictionary<string, long> { ["age"] = 2 },
            Security = new Dictionary<string, long> { ["protocol_violation"] = 1 }
        },
    };

    [Fact]
    public void A_written_part_is_read()
    {
        Assert.True(FleetJson.TryRead(FleetJson.Write(s_broker), out FleetPart? broker));
        Assert.True(FleetJson.TryRead(FleetJson.Write(s_runtime), out FleetPart? runtime));

        Assert.Equal(Text(s_broker), Text(broker));
        Assert.Equal(Text(s_runtime), Text(runtime));
        Assert.Equivalent(s_broker, broker, strict: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"kind":"broker"}""")]
    [InlineData("""{"kind":"server","id":"x","name":"y","state":"ok"}""")]
    [InlineData("""{"kind":"broker","id":"","name":"y","state":"ok"}""")]
    [InlineData("""{"kind":"broker","id":"x","name":"y","state":"splendid"}""")]
    [InlineData("""{"kind":"broker","id":"\ud800","name":"y","state":"ok"}""")]
    [InlineData("""{"kind":"broker","id":"x","name":"y","state":"ok","queues":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}""")]
    [InlineData("""{"kind":"runtime","id":"x","name":"y","state":"ok","pool":{"recycled":{"a":{"b":{"c":1}}}}}""")]
    public void A_body_that_is_no_part_is_not_read(string body) => Assert.False(FleetJson.TryRead(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void Texts_that_are_too_long_and_bodies_that_are_make_no_part()
    {
        foreach (string member in (string[])["id", "name"])
        {
            JsonObject json = JsonNode.Parse(Text(s_broker))!.AsObject();
            json[member] = new string('x', 129);
            Assert.False(FleetJson.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString()), out _));
        }

        Assert.False(FleetJson.TryRead(Encoding.UTF8.GetBytes(Text(s_broker) + new string(' ', FleetPart.MaxBytes)), out _));
    }

    /// <summary>A wrong member counts as missing. Nothing throws, and no number is out of its range.</summary>
    [Fact]
    public void Each_member_may_be_wrong_by_itself()
    {
        int read = 0;
        foreach (FleetPart part in (FleetPart[])[s_broker, s_runtime])
        {
            foreach (string wrong in (string[])[
                "null", "-1", "1e99", "9223372036854775808", "1.5", "\"x\"", "[]", "{}", "true", "[null,1,{}]", "{\"a\":-1,\"b\":\"c\"}"])
            {
                foreach (string member in JsonNode.Parse(Text(part))!.AsObject().Select((entry) => entry.Key))
                {
                    JsonObject json = JsonNode.Parse(Text(part))!.AsObject();
                    json[member] = JsonNode.Parse(wrong);
                    if (!FleetJson.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString()), out FleetPart? found)) continue;
                    read++;
                    if (found is BrokerPart broker) Assert.All(
                        (long[])[broker.Running, broker.Waiting, broker.Max, broker.UptimeMs, broker.Total, broker.Refused, broker.OtherTenants], (figure) =>
                            Assert.InRange(figure, 0, long.MaxValue));
                    if (found is RuntimePart { Pool: { } pool }) Assert.All(
                        (long[])[pool.Workers, pool.Queue, .. pool.Recycled.Values, .. pool.Security.Values], (figure) => Assert.InRange(figure, 0, 1L << 53));
                }
            }
        }

        Assert.InRange(read, 200, int.MaxValue);
    }

    [Fact]
    public void A_part_with_many_tenants_leaves_some_out_and_counts_them()
    {
        BrokerPart many = s_broker with
        {
            Tenants = [.. Enumerable.Range(0, 50).Select((n) => new TenantPart(new string('é', 60) + n, n, n, n))],
            OtherTenants = 7,
        };

        ReadOnlyMemory<byte> body = FleetJson.Write(many);

        Assert.InRange(body.Length, 1, FleetPart.MaxBytes);
        Assert.True(FleetJson.TryRead(body, out FleetPart? read));
        BrokerPart broker = Assert.IsType<BrokerPart>(read);
        Assert.InRange(broker.Tenants.Count, 5, 49);
        Assert.Equal(57, broker.Tenants.Count + broker.OtherTenants);
    }

    [Fact]
    public void More_parts_than_there_may_be_are_not_taken_and_known_ones_speak_on()
    {
        var table = new FleetTable(new FleetOptions(), TimeProvider.System);
        for (int i = 0; i < 1_024; i++) Assert.True(table.TryTake(s_broker with { Id = $"b{i}" }));

        Assert.False(table.TryTake(s_broker with { Id = "one-more" }));
        Assert.True(table.TryTake(s_broker with { Id = "b5", Running = 77 }));
        Assert.Equal(1_024, table.List().Count);
        Assert.Contains(table.List(), (entry) => entry.Part is BrokerPart { Id: "b5", Running: 77 });
    }

    private static string Text(FleetPart? part) => Encoding.UTF8.GetString(FleetJson.Write(part!).Span);
}
