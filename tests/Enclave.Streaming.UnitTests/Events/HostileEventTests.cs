using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Streaming.Tests.Events;

public sealed class HostileEventTests
{
    private static readonly string s_init = """{"protocolVersion":2,"sessionId":"s_1","seq":1""" +
        ""","type":"session_init","payload":{"cancelUrl":"/c","expiresAt":"2026-01-01T00:00:00.000Z","encryption":{"enabled":false}}}""";

    [Fact]
    public void A_line_cut_anywhere_is_refused_and_nothing_else()
    {
        var events = new RandomEvents(seed: 3);
        for (int round = 0; round < 100; round++)
        {
            byte[] line = Encoding.UTF8.GetBytes(events.Next().ToJsonString());
            for (int length = 0; length < line.Length; length++)
            {
                Assert.False(EventReader.TryRead(line.AsMemory(0, length), EventTolerance.Peers, out _, out string? problem));
                Assert.StartsWith("JSON parse error", problem, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_changed_line_is_read_or_refused_and_what_is_read_can_be_written()
    {
        var events = new RandomEvents(seed: 4);
        var random = new Random(5);
        int read = 0;
        for (int round = 0; round < TestSize.Of(10_000, 1_000_000); round++)
        {
            byte[] line = Encoding.UTF8.GetBytes(events.Next().ToJsonString());
            for (int change = random.Next(4); change >= 0; change--) line[random.Next(line.Length)] = (byte)random.Next(256);
            if (!EventReader.TryRead(line, (EventTolerance)random.Next(2), out SessionEvent? changed, out _)) continue;
            read++;
            Assert.True(
                EventReader.TryRead(JsonElement.Parse(changed.ToJsonString()), EventTolerance.Peers, out SessionEvent? again, out string? problem), problem);
            Assert.Equal(changed.ToJsonString(), again.ToJsonString());
        }

        Assert.True(read > 100, $"only {read} changed lines were still events: the changes are too coarse");
    }

    [Theory]
    [InlineData("""\ud83d\ude00""", "😀")]
    [InlineData("""\ud83d""", "\ufffd")]
    [InlineData("""\ude00\ud83d""", "\ufffd\ufffd")]
    [InlineData("""\uD83D\uD83D\uDE00""", "\ufffd😀")]
    [InlineData("""\\ud83d""", """\ud83d""")]
    [InlineData("""\\\ud83d""", "\\\ufffd")]
    public void Half_characters_become_replacements_wherever_they_are(string escaped, string text)
    {
        string json = WireJson.Event("final", $$"""{"ok":true,"result":{"{{escaped}}":["{{escaped}}"] } }""");
        Assert.True(EventReader.TryRead(JsonElement.Parse(json), EventTolerance.Exact, out SessionEvent? read, out string? problem), problem);
        JsonProperty member = Assert.IsType<Final>(read.Payload).Result!.Value.EnumerateObject().Single();
        Assert.Equal(text, member.Name);
        Assert.Equal(text, member.Value[0].GetString());
        Assert.Equal(text, JsonElement.Parse(read.ToJsonString()).GetProperty("payload").GetProperty("result").EnumerateObject().Single().Name);
    }

    [Fact]
    public void Bytes_that_are_no_characters_become_replacements()
    {
        byte[] line = [.. "{\"protocolVersion\":2,\"sessionId\":\"s_1\",\"seq\":1,\"type\":\"stdout\",\"payload\":{\"chunk\":\"a"u8, 0xFF, 0xC3, .. "b\"}}"u8];
        Assert.True(EventReader.TryRead(line, EventTolerance.Exact, out SessionEvent? read, out string? problem), problem);
        Assert.Equal("a\ufffd\ufffdb", Assert.IsType<Stdout>(read.Payload).Chunk);
    }

    [Theory]
    [InlineData(EventReader.MaxDepth - 2, true)]
    [InlineData(EventReader.MaxDepth - 1, false)]
    [InlineData(1_000_000, false)]
    public void Nesting_is_bounded(int depth, bool read)
    {
        string json = WireJson.Event("final", "{\"ok\":true,\"result\":" + new string('[', depth) + new string(']', depth) + "}");
        Assert.Equal(read, EventReader.TryRead(Encoding.UTF8.GetBytes(json), EventTolerance.Exact, out SessionEvent? nested, out string? problem));
        if (read) Assert.Equal(json, nested!.ToJsonString());
        else Assert.StartsWith("JSON parse error", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0", 1L)]
    [InlineData("1e3", 1000L)]
    [InlineData("-0", 0L)]
    [InlineData("9007199254740991", 9007199254740991L)]
    [InlineData("9007199254740993", null)]
    [InlineData("1e400", null)]
    [InlineData("-1e400", null)]
    [InlineData("99999999999999999999999999999999", null)]
    public void Numbers_are_those_of_JavaScript(string number, long? seq)
    {
        string json = WireJson.Event("stdout", """{"chunk":""}""", seq: number);
        Assert.Equal(seq is not null, EventReader.TryRead(JsonElement.Parse(json), EventTolerance.Exact, out SessionEvent? read, out _));
        Assert.Equal(seq, read?.Seq);
    }

    [Theory]
    [InlineData("2024-02-29T00:00:00Z", true)]
    [InlineData("2026-02-29T00:00:00Z", false)]
    [InlineData("2026-01-01T24:00:00Z", false)]
    [InlineData("2026-01-01T00:00:60Z", false)]
    [InlineData("2026-01-01T00:00:00.Z", false)]
    [InlineData("2026-01-01T00:00:00.-1Z", false)]
    [InlineData("2026-01-01T00:00:00.00000000000000000001Z", true)]
    [InlineData("2026-01-01T00:00:00z", false)]
    [InlineData("2026-01-01 00:00:00Z", false)]
    [InlineData(" 2026-01-01T00:00:00Z", false)]
    [InlineData("0000-01-01T00:00:00Z", false)]
    [InlineData("9999-12-31T23:59:59.9999999999Z", true)]
    public void Times_are_days_that_there_are(string time, bool read)
    {
        string json = s_init.Replace("2026-01-01T00:00:00.000Z", time, StringComparison.Ordinal);
        Assert.Equal(read, EventReader.TryRead(JsonElement.Parse(json), EventTolerance.Exact, out SessionEvent? init, out string? problem));
        if (read) Assert.Contains(time[..19], init!.ToJsonString(), StringComparison.Ordinal);
        else Assert.StartsWith("payload.expiresAt: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_never_holds_what_was_sent()
    {
        string hostile = new('x', 100_000);
        string json = WireJson.Event("stdout", """{"chunk":"x"}""", session: hostile);
        Assert.False(EventReader.TryRead(JsonElement.Parse(json), EventTolerance.Exact, out _, out string? problem));
        Assert.True(problem.Length < 200);
        Assert.False(EventReader.TryRead(
            JsonElement.Parse(json.Replace("stdout", hostile, StringComparison.Ordinal)), EventTolerance.Exact, out _, out problem));
        Assert.True(problem.Length < 200);
    }

    [Fact]
    public void No_element_is_no_event()
    {
        Assert.False(EventReader.TryRead(default(JsonElement), EventTolerance.Peers, out _, out string? problem));
        Assert.Equal("must be an object", problem);
    }
}
