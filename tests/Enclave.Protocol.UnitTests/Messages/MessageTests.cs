using System.Text;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Protocol.Tests.Messages;

/// <summary>Every message survives encoding and decoding, and every cut or changed body is a protocol error.</summary>
public sealed class MessageTests
{
    private static readonly RunLimits s_limits = new()
    {
        TimeoutMicroseconds = 1,
        CpuMicroseconds = long.MaxValue,
        MemoryBytes = 64 << 20,
        MaxToolCalls = 0,
        MaxPendingToolCalls = 1,
        MaxIterations = ProtocolLimits.MaxIterations,
        MaxConsoleCalls = 3,
        MaxConsoleBytes = 4,
        MaxValueDepth = 5,
        MaxValueProperties = 6,
        MaxValueBytes = 7,
    };

    private static readonly RunUsage s_usage = new(1, 2, 3, 4, 5);

    public static TheoryData<string> Names => [.. Bodies.Keys];

    /// <summary>A body of each type, with the way to read and show it.</summary>
    private static readonly Dictionary<string, (Action<FrameBuffer> Write, Func<ReadOnlyMemory<byte>, string> Show, string Shown)> Bodies = new()
    {
        ["Hello"] = (
            new HelloMessage(new byte[16], 65536, 1 << 26, 1 << 27, ["WebAssembly", "é"]).Write,
            (body) =>
            {
                HelloMessage m = HelloMessage.Read(body); return $"{m.Nonce.Length} {m.MaxFrameBytes} {m.HeapLimit} {m.LargestLimit} " +
            $"{string.Join(',', m.RemovedGlobals)}";
            },
            "16 65536 67108864 134217728 WebAssembly,é"),
        ["Hello with libraries"] = (
            (new HelloMessage(new byte[16], 65536, 1 << 26, 1 << 27, []) with { Rehearses = false, Libraries = new LibraryPlan(16, 5, 6) }).Write,
            (body) => $"{HelloMessage.Read(body).Rehearses} {HelloMessage.Read(body).Libraries}",
            "False LibraryPlan { Count = 16, CpuMicroseconds = 5, HeldBytes = 6 }"),
        ["Library"] = ((frames) => LibraryMessage.Write(frames, "_", "exports.a = '€'"), (body) => $"{LibraryMessage.Read(body)}", "(_, exports.a = '€')"),
        ["LibraryFault"] = ((frames) => LibraryFaultMessage.WriteStopped(frames, 15, StopReason.Cpu),
            (body) => $"{LibraryFaultMessage.Read(body)}", "LibraryFaultMessage { Index = 15, Error = , Stop = Cpu }"),
        ["Ready"] = (
            new ReadyMessage(new byte[16], "14.6", "10.0", ["x"]).Write,
            (body) => { ReadyMessage m = ReadyMessage.Read(body); return $"{m.Nonce.Length} {m.Engine} {m.Runtime} {string.Join(',', m.Capabilities)}"; },
            "16 14.6 10.0 x"),
        ["Execute"] = (
            (frames) => ExecuteMessage.Write(frames, ulong.MaxValue, "return '€'", "a.js", s_limits, [0x81, 0xa1, (byte)'g', 0x05]),
            (body) =>
            {
                ExecuteMessage m = ExecuteMessage.Read(body); return $"{m.JobId} {Text(m.Source)} {Text(m.SourceName)} {m.Limits == s_limits} " +
            $"{m.Globals.Length}";
            },
            $"{ulong.MaxValue} return '€' a.js True 4"),
        ["Execute of a program that comes again"] = (
            (frames) => ExecuteMessage.Write(frames, 7, "return 1", "a.js", s_limits, [0x80], default, new CodeKey(ulong.MaxValue - 1, ulong.MaxValue)),
            (body) => { ExecuteMessage m = ExecuteMessage.Read(body); return $"{m.Key.Low} {m.Key.High} {m.Key.IsNone} {m.Origin.IsRepeatable}"; },
            $"{ulong.MaxValue - 1} {ulong.MaxValue} False False"),
        ["Execute repeatable"] = (
            (frames) => ExecuteMessage.Write(frames, 7, "return 1", "a.js", s_limits, [0x80], RunOrigin.Of(ulong.MaxValue, -1_000)),
            (body) =>
            {
                ExecuteMessage m = ExecuteMessage.Read(body); return $"{m.JobId} {m.Globals.Length} {m.Origin.IsRepeatable} {m.Origin.Seed} " +
            $"{m.Origin.Milliseconds}";
            },
            $"7 1 True {ulong.MaxValue} -1000"),
        ["Console"] = (
            WriteConsole,
            (body) => { ConsoleMessage m = ConsoleMessage.Read(body, 100, 10_000); return $"{m.JobId} {string.Join(';', m.Lines)}"; },
            "7 ConsoleEntry { Level = 0, Text = a };ConsoleEntry { Level = 4, Text = € }"),
        ["ToolCall"] = (
            (frames) => ToolCallMessage.Write(frames, 7, 1, "find"u8, [0x80]),
            (body) => { ToolCallMessage m = ToolCallMessage.Read(body); return $"{m.JobId} {m.CallId} {m.Name} {m.Args.Length}"; },
            "7 1 find 1"),
        ["ToolResult value"] = (
            (frames) => ToolResultMessage.WriteValue(frames, 7, 1, [0xc3]),
            (body) => { ToolResultMessage m = ToolResultMessage.Read(body); return $"{m.JobId} {m.CallId} {m.Kind} {m.Payload.Length}"; },
            "7 1 Value 1"),
        ["ToolResult error"] = (
            (frames) => ToolResultMessage.WriteError(frames, 7, 1, "Error", "no", null),
            (body) => { ToolResultMessage m = ToolResultMessage.Read(body); return $"{m.JobId} {m.CallId} {m.Kind} {m.Payload.Length}"; },
            "7 1 Error 11"),
        ["ToolResult value with time"] = (
            (frames) => ToolResultMessage.WriteValue(frames, 7, 1, [0xc3], 1_700_000_000_000),
            (body) => { ToolResultMessage m = ToolResultMessage.Read(body); return $"{m.CallId} {m.Kind} {m.Payload.Length} {m.HasTime} {m.Milliseconds}"; },
            "1 Value 1 True 1700000000000"),
        ["ToolResult error with time"] = (
            (frames) => ToolResultMessage.WriteError(frames, 7, 1, "Error", "no", "CODE", -5),
            (body) => { ToolResultMessage m = ToolResultMessage.Read(body); return $"{m.CallId} {m.Kind} {m.HasTime} {m.Milliseconds}"; },
            "1 Error True -5"),
        ["Result"] = (
            (frames) => ResultMessage.Write(frames, 7, RunStatus.Value, [0x93, 1, 2, 3], s_usage),
            (body) => { ResultMessage m = ResultMessage.Read(body); return $"{m.JobId} {m.Status} {m.Payload.Length} {m.Usage == s_usage}"; },
            "7 Value 4 True"),
        ["Result stopped"] = (
            (frames) => ResultMessage.WriteStopped(frames, 7, StopReason.Iterations, 12, s_usage),
            (body) => { ResultMessage m = ResultMessage.Read(body); return $"{m.JobId} {m.Status} {m.ReadStop()}"; },
            "7 Stopped (Iterations, 12)"),
        ["Cancel"] = (new CancelMessage(9).Write, (body) => CancelMessage.Read(body).JobId.ToString(), "9"),
        ["Suspend"] = (new SuspendMessage(9, 4_294_967_295).Write,
            (body) => SuspendMessage.Read(body).ToString(), "SuspendMessage { JobId = 9, Calls = 4294967295 }"),
        ["Deadline"] = (new DeadlineMessage(9, ProtocolLimits.MaxRemainingMicroseconds).Write,
            (body) => DeadlineMessage.Read(body).ToString(), "DeadlineMessage { JobId = 9, RemainingMicroseconds = 2592000000000 }"),
        ["Park"] = (new ParkMessage(9).Write, (body) => ParkMessage.Read(body).ToString(), "ParkMessage { JobId = 9 }"),
        ["Parked"] = (new ParkedMessage(9, 1_000_000, new byte[] { 1, 2 }).Write,
            (body) => { ParkedMessage m = ParkedMessage.Read(body); return $"{m.JobId} {m.TimerMicroseconds} {Convert.ToHexString(m.State.Span)}"; },
            "9 1000000 0102"),
        ["Parked with a timer in ages"] = (new ParkedMessage(9, long.MaxValue, new byte[] { 1 }).Write,
            (body) => ParkedMessage.Read(body).TimerMicroseconds.ToString(), $"{ProtocolLimits.MaxRemainingMicroseconds}"),
        ["Unpark"] = (new UnparkMessage(9, ProtocolLimits.MaxRemainingMicroseconds, new byte[] { 1, 2 }).Write,
            (body) => { UnparkMessage m = UnparkMessage.Read(body); return $"{m.JobId} {m.RemainingMicroseconds} {Convert.ToHexString(m.State.Span)}"; },
            "9 2592000000000 0102"),
        ["Shutdown"] = (ShutdownMessage.Write, (body) => ShutdownMessage.Read(body).ToString(), "ShutdownMessage { }"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_survives_the_wire(string name) => Assert.Equal(Bodies[name].Shown, Bodies[name].Show(Body(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_body_cut_at_any_byte_is_a_protocol_fault(string name)
    {
        byte[] body = Body(name);

        for (int length = 0; length < body.Length; length++) Assert.Throws<ProtocolException>(() => Bodies[name].Show(body.AsMemory(0, length)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_byte_more_is_a_protocol_fault(string name) => Assert.Throws<ProtocolException>(() => Bodies[name].Show((byte[])[.. Body(name), 0xc0]));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_body_changed_anywhere_is_read_or_a_protocol_fault(string name)
    {
        byte[] body = Body(name);
        for (int at = 0; at < body.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                var changed = (byte[])body.Clone();
                changed[at] = (byte)value;
                try
                {
                    Bodies[name].Show(changed);
                }
                catch (ProtocolException)
                {
                    // The only exception that invalid bytes may cause.
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Limits_of_nothing_are_refused(long timeout)
    {
        var frames = new FrameBuffer();
        ExecuteMessage.Write(frames, 1, "", "", s_limits with { TimeoutMicroseconds = timeout }, [0x80]);

        Assert.Throws<ProtocolException>(() => ExecuteMessage.Read(frames.Written[FrameHeader.Size..].ToArray()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(ProtocolLimits.MaxIterations + 1)]
    [InlineData(int.MaxValue)]
    public void Iterations_that_a_script_cannot_count_are_refused(int iterations)
    {
        var frames = new FrameBuffer();
        ExecuteMessage.Write(frames, 1, "", "", s_limits with { MaxIterations = iterations }, [0x80]);

        Assert.Throws<ProtocolException>(() => ExecuteMessage.Read(frames.Written[FrameHeader.Size..].ToArray()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(ProtocolLimits.MaxRemainingMicroseconds + 1)]
    [InlineData(long.MaxValue)]
    public void A_deadline_that_is_past_or_out_of_sight_is_refused(long remaining)
    {
        var frames = new FrameBuffer();
        new DeadlineMessage(9, remaining).Write(frames);

        Assert.Throws<ProtocolException>(() => DeadlineMessage.Read(frames.Written[FrameHeader.Size..].ToArray()));
    }

    [Theory]
    [InlineData(6, 0)]
    [InlineData(0, 11)]
    [InlineData(65_535, 0)]
    public void An_error_with_more_causes_or_errors_than_a_worker_sends_is_refused(int causes, int errors)
    {
        byte[] lines(int count) => [0xdc, (byte)(count >> 8), (byte)count, .. Enumerable.Repeat((byte)0xa0, count)];
        byte[] body = [0x98, 0, 0xa1, (byte)'n', 0xa1, (byte)'m', 0xc0, 0xc0, 0xc0, .. lines(causes), .. lines(errors)];

        Assert.Throws<ProtocolException>(() => ScriptError.Read(body));
    }

    [Fact]
    public void A_tools_error_says_which_tool_and_which_code()
    {
        byte[] body = [0x98, 2, 0xa1, (byte)'n', 0xa1, (byte)'m', 0xc0, 0xa1, (byte)'t', 0xa1, (byte)'c', 0x91, 0xa1, (byte)'d', 0x90];

        ScriptError error = ScriptError.Read(body);
        Assert.Equal(new ScriptError(ScriptErrorKind.Tool, "n", "m", null, "t", "c", error.Causes, []), error);
        Assert.Equal(["d"], error.Causes);
        for (int length = 0; length < body.Length; length++) Assert.Throws<ProtocolException>(() => ScriptError.Read(body.AsMemory(0, length)));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(ProtocolLimits.MaxDateMilliseconds + 1)]
    public void A_time_that_no_date_holds_is_refused(long milliseconds)
    {
        var execute = new FrameBuffer();
        ExecuteMessage.Write(execute, 1, "", "", s_limits, [0x80], RunOrigin.Of(1, milliseconds));
        var answer = new FrameBuffer();
        ToolResultMessage.WriteValue(answer, 1, 1, [0xc0], milliseconds);

        Assert.Throws<ProtocolException>(() => ExecuteMessage.Read(execute.Written[FrameHeader.Size..].ToArray()));
        Assert.Throws<ProtocolException>(() => ToolResultMessage.Read(answer.Written[FrameHeader.Size..].ToArray()));
    }

    /// <summary>Text that is not UTF-8 shows that it was not decoded.</summary>
    [Fact]
    public void Console_lines_above_their_bytes_are_refused_before_they_are_decoded()
    {
        var frames = new FrameBuffer();
        ConsoleMessage.Begin(frames, 7, 2);
        ConsoleMessage.WriteLine(frames, 0, "four"u8);
        ConsoleMessage.WriteLine(frames, 0, [0xff, 0xff]);
        frames.EndFrame();
        byte[] body = frames.Written[FrameHeader.Size..].ToArray();

        Assert.Contains("above its limits", Assert.Throws<ProtocolException>(() => ConsoleMessage.Read(body, 100, 5)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("above its limits", Assert.Throws<ProtocolException>(() => ConsoleMessage.Read(body, 100, 6)).Message, StringComparison.Ordinal);
    }

    private static byte[] Body(string name)
    {
        var frames = new FrameBuffer();
        Bodies[name].Write(frames);
        return frames.Written[FrameHeader.Size..].ToArray();
    }

    private static void WriteConsole(FrameBuffer frames)
    {
        ConsoleMessage.Begin(frames, 7, 2);
        ConsoleMessage.WriteLine(frames, 0, "a"u8);
        ConsoleMessage.WriteLine(frames, 4, "€"u8);
        frames.EndFrame();
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
