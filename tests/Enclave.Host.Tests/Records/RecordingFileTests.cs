using System.Text;
using System.Text.Json.Nodes;
using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>Files from any source: each is a recording, or is refused with the reason.</summary>
public sealed class RecordingFileTests : IAsyncLifetime
{
    private readonly EnclaveHost _host = new(new EnclaveOptions { ToolHandler = RepeatablePrograms.Answer }.WithoutGuard());
    private string _json = "";

    private static readonly string s_odd = "{}[]\",:0-9eE.x\\\0\uffff\ud800";

    public async ValueTask InitializeAsync()
    {
        const string Code = "console.log('\ud83d\ude00 line'); try { await callTool('fail', { a: [1, NaN] }) } catch {} await callTool('odd'); return { a: " +
            "[1, 'x', undefined, 10n], d: new Date(0), s: '\\ud800' }";
        ExecutionResult result = await Within.Deadline(
            _host.RunAsync(Code, new RunOptions { Record = true, Globals = new Dictionary<string, object?> { ["g"] = new { N = 1 } } }), "answer");
        _json = result.Recording!.ToJsonString();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void A_recording_that_was_read_is_written_again_byte_for_byte() => Assert.Equal(_json, ExecutionRecording.Parse(_json).ToJsonString());

    [Fact]
    public void Values_that_JSON_holds_stand_there_as_JSON_beside_those_it_does_not_hold()
    {
        JsonNode value = JsonNode.Parse(_json)!["result"]!["value"]!;

        Assert.Equal([1, "x"], [(object)(int)value["a"]![0]!, (string)value["a"]![1]!]);
        Assert.Equal(["$enclave"], value["d"]!.AsObject().Select((member) => member.Key));
    }

    [Fact]
    public async Task A_stream_gives_what_was_saved()
    {
        using var stream = new MemoryStream();
        await ExecutionRecording.Parse(_json).SaveAsync(stream);
        stream.Position = 0;

        Assert.Equal(_json, (await ExecutionRecording.LoadAsync(stream)).ToJsonString());
    }

    [Fact]
    public async Task Code_with_lone_surrogates_survives()
    {
        ExecutionResult result = await Within.Deadline(_host.RunAsync("return '\ud800'.length", new RunOptions { Record = true }), "answer");

        Assert.Equal("return '\ud800'.length", ExecutionRecording.Parse(result.Recording!.ToJsonString()).Code);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        // Only the last line feed and brace can be removed without losing anything.
        for (int length = 0; length < _json.Length; length += 3) Refused(_json[..length]);
    }

    [Fact]
    public void A_file_changed_anywhere_is_read_or_refused()
    {
        var random = new Random(5);
        for (int i = 0; i < TestSize.Of(2000, 50_000); i++)
        {
            char[] changed = _json.ToCharArray();
            changed[random.Next(changed.Length)] = s_odd[random.Next(s_odd.Length)];
            try
            {
                ExecutionRecording.Parse(new string(changed));
            }
            catch (InvalidDataException)
            {
                // The only exception that a wrong text may cause.
            }
        }
    }

    [Theory]
    [InlineData("", "recording")]
    [InlineData("null", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "first member")]
    [InlineData("{\"version\":1}", "first member")]
    [InlineData("{\"enclaveRecording\":\"1\"}", "version number")]
    [InlineData("{\"enclaveRecording\":1e99}", "version number")]
    [InlineData("{\"enclaveRecording\":2,\"other\":{}}", "has version 2")]
    [InlineData("{\"enclaveRecording\":0}", "has version 0")]
    [InlineData("{\"enclaveRecording\":1}", "missing required properties")]
    public void Something_else_is_told_from_a_recording(string json, string message) =>
        Assert.Contains(message, Refused(json).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("seed", "\"-1\"", "seed")]
    [InlineData("seed", "\"99999999999999999999999\"", "seed")]
    [InlineData("seed", "null", "$.seed")]
    [InlineData("start", "9223372036854775807", "start has the time")]
    [InlineData("start", "1e400", "$.start")]
    [InlineData("start", "1.5", "$.start")]
    [InlineData("level", "\"Paranoid\"", "level is \"Paranoid\"")]
    [InlineData("level", "\"7\"", "level is \"7\"")]
    [InlineData("preset", "\"\"", "preset is")]
    [InlineData("code", "5", "$.code")]
    [InlineData("events", "{}", "$.events")]
    [InlineData("events", "[{}]", "$.events[0]")]
    [InlineData("events", "[null]", "events[0] is null")]
    [InlineData("events", "[{\"event\":\"dance\"}]", "events[0] is \"dance\"")]
    [InlineData("events", "[{\"event\":\"log\"}]", "events[0] has no text")]
    [InlineData("events", "[{\"event\":\"call\",\"tool\":\"t\",\"args\":{}}]", "lacks call")]
    [InlineData("events", "[{\"event\":\"call\",\"call\":2,\"tool\":\"t\",\"args\":{}}]", "call 2 in the place of call 1")]
    [InlineData("events", "[{\"event\":\"call\",\"call\":1,\"tool\":\"\",\"args\":{}}]", "events[0] is a call without a tool")]
    [InlineData("events", "[{\"event\":\"call\",\"call\":1,\"tool\":\"t\",\"args\":[]}]", "args, an object")]
    [InlineData("events", "[{\"event\":\"answer\",\"call\":1,\"time\":0,\"value\":1}]", "answers call 1")]
    [InlineData("events",
        "[{\"event\":\"call\",\"call\":1,\"tool\":\"t\",\"args\":{}},{\"event\":\"answer\",\"call\":1,\"time\":0,\"value\":1}," +
            "{\"event\":\"answer\",\"call\":1,\"time\":0,\"value\":1}]",
        "events[2] answers call 1")]
    [InlineData(
        "events", "[{\"event\":\"call\",\"call\":1,\"tool\":\"t\",\"args\":{}},{\"event\":\"answer\",\"call\":1,\"time\":0}]", "events[1] has no value")]
    [InlineData("events", "[{\"event\":\"call\",\"call\":1,\"tool\":\"t\",\"args\":{}},{\"event\":\"answer\",\"call\":1,\"time\":-9e18,\"value\":1}]", "time")]
    [InlineData("events", "[{\"event\":\"call\",\"call\":99999999999,\"tool\":\"t\",\"args\":{}}]", "$.events[0].call")]
    [InlineData("result", "{}", "either a value or an error")]
    [InlineData("result", "{\"value\":1,\"error\":{\"code\":\"TIMEOUT\",\"name\":\"a\",\"message\":\"b\"}}", "either a value or an error")]
    [InlineData("result", "{\"error\":{\"code\":\"NEVER\",\"name\":\"a\",\"message\":\"b\"}}", "result.error.code")]
    [InlineData("result", "{\"value\":{\"$enclave\":\"!!\"}}", "$.result.value")]
    [InlineData("result", "{\"value\":{\"$enclave\":\"3f////8=\"}}", "$.result.value")]
    [InlineData("result", "{\"value\":{\"$enclave\":5}}", "$.result.value")]
    [InlineData("limits", "{}", "$.limits")]
    [InlineData("engine", "\"14.6.202.34-node.34-14.6.202.34-node.34-14.6.202.34-node.34-14.6.202.34-node.34-14.6.202.34-node.34-14\"", "engine is")]
    [InlineData("result",
        "{\"value\":[[[{\"$enclave\":\"kZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGR" +
            "kZGRkZGRkZGRkZGRkZGRkZGRkZGRkZA=\"}]]]}", "$.result.value")]
    public void A_wrong_member_is_named(string member, string value, string message)
    {
        JsonObject file = JsonNode.Parse(_json)!.AsObject();
        file[member] = "@@";

        Assert.Contains(message, Refused(file.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeoutMs", "0")]
    [InlineData("timeoutMs", "1e300")]
    [InlineData("cpuTimeoutMs", "-5")]
    [InlineData("memoryBytes", "99999999999999999999")]
    [InlineData("maxIterations", "2147483648")]
    public void A_limit_that_is_none_is_named(string limit, string value)
    {
        JsonObject file = JsonNode.Parse(_json)!.AsObject();
        file["limits"]![limit] = "@@";

        Assert.Contains($"limits.{limit}", Refused(file.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Deep_nesting_is_refused(string open, string close)
    {
        string deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));

        Assert.Contains("depth", Refused($"{{\"enclaveRecording\":1,\"globals\":{{\"g\":{deep}}}}}").Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_stream_that_never_ends_is_refused_at_its_limit()
    {
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => ExecutionRecording.LoadAsync(new EndlessStream()));

        Assert.Contains("128 MB", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_tokens_than_any_recording_has_are_refused()
    {
        string json = "{\"enclaveRecording\":1,\"events\":[" + new StringBuilder().Insert(0, "1,", 8_000_001) + "1]}";

        Assert.Contains("8000000 JSON tokens", Refused(json).Message, StringComparison.Ordinal);
    }

    private static InvalidDataException Refused(string json) => Assert.Throws<InvalidDataException>(() => ExecutionRecording.Parse(json));

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
