using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Frames with fields of the wrong type, and randomly damaged frames with fixed seeds: the only allowed reaction is a refusal.</summary>
public sealed class FuzzTests
{
    private const byte Job = (byte)Arena.Attacked;

    private static readonly ValueLimits s_limits = new() { MaxDepth = 50, MaxProperties = 100_000, MaxBytes = 1 << 20 };

    private static readonly byte[] s_usage = [0x96, 0, 0, 0, 0, 0, 0];

    private static readonly Dictionary<string, byte[]> s_confusions = new()
    {
        ["job id that is text"] = Frames.ResultFields([0x94, 0xa1, (byte)'2', 1, 0xc0, .. s_usage]),
        ["job id that is negative"] = Frames.ResultFields([0x94, 0xfe, 1, 0xc0, .. s_usage]),
        ["job id that is a float"] = Frames.ResultFields([0x94, 0xcb, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 0xc0, .. s_usage]),
        ["job id that is nil"] = Frames.ResultFields([0x94, 0xc0, 1, 0xc0, .. s_usage]),
        ["status that is pending"] = Frames.ResultFields([0x94, Job, 0, 0xc0, .. s_usage]),
        ["status that is unknown"] = Frames.ResultFields([0x94, Job, 4, 0xc0, .. s_usage]),
        ["status that is NaN"] = Frames.ResultFields([0x94, Job, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, .. s_usage]),
        ["fields too few"] = Frames.ResultFields([0x93, Job, 1, 0xc0]),
        ["fields too many"] = Frames.ResultFields([0x95, Job, 1, 0xc0, .. s_usage, 0xc0]),
        ["map instead of fields"] = Frames.ResultFields([0x84, Job, 1, 0xc0, .. s_usage]),
        ["bytes after the fields"] = Frames.ResultFields([0x94, Job, 1, 0xc0, .. s_usage, 0xc0]),
        ["empty body"] = Frames.ResultFields(),
        ["reserved byte"] = Frames.ResultFields([0x94, Job, 1, 0xc1, .. s_usage]),
        ["extension 100"] = Frames.ResultFields([0x94, Job, 1, 0xd4, 100, 0, .. s_usage]),
        ["extension -128"] = Frames.ResultFields([0x94, Job, 1, 0xd4, 0x80, 0, .. s_usage]),
        ["timestamp of five bytes"] = Frames.ResultFields([0x94, Job, 1, 0xc7, 5, 0xff, 0, 0, 0, 0, 0, .. s_usage]),
        ["date out of JavaScript's range"] = Frames.ResultFields(
            [0x94, Job, 1, 0xc7, 12, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, .. s_usage]),
        ["invalid UTF-8"] = Frames.ResultFields([0x94, Job, 1, 0xa2, 0xc3, 0x28, .. s_usage]),
        ["UTF-8 of a surrogate"] = Frames.ResultFields([0x94, Job, 1, 0xa3, 0xed, 0xa0, 0x80, .. s_usage]),
        ["overlong UTF-8"] = Frames.ResultFields([0x94, Job, 1, 0xa2, 0xc0, 0xaf, .. s_usage]),
        ["map key that is a number"] = Frames.ResultFields([0x94, Job, 1, 0x81, 1, 1, .. s_usage]),
        ["map key that is a map"] = Frames.ResultFields([0x94, Job, 1, 0x81, 0x80, 1, .. s_usage]),
        ["error that is no error"] = Frames.ResultFields([0x94, Job, 2, 0xc0, .. s_usage]),
        ["error of an unknown kind"] = Frames.ResultFields([0x94, Job, 2, 0x94, 9, 0xa0, 0xa0, 0xc0, .. s_usage]),
        ["stop that is no reason"] = Frames.ResultFields([0x94, Job, 3, 0, .. s_usage]),
        ["stop that is text"] = Frames.ResultFields([0x94, Job, 3, 0xa1, (byte)'x', .. s_usage]),
        ["usage that is text"] = Frames.ResultFields([0x94, Job, 1, 0xc0, 0xa1, (byte)'x']),
        ["usage with a float"] = Frames.ResultFields([0x94, Job, 1, 0xc0, 0x96, 0xca, 0x7f, 0xc0, 0, 0, 0, 0, 0, 0, 0]),
        ["console level five"] = Frames.Raw(FrameType.Console, [0x92, Job, 0x91, 0x92, 5, 0xa0]),
        ["console line that is a number"] = Frames.Raw(FrameType.Console, [0x92, Job, 0x91, 0x92, 0, 7]),
        ["tool arguments that are an array"] = Frames.Raw(FrameType.ToolCall, [0x94, Job, 1, 0xa1, (byte)'t', 0x90]),
        ["tool name that is binary"] = Frames.Raw(FrameType.ToolCall, [0x94, Job, 1, 0xc4, 1, (byte)'t', 0x80]),
        ["tool call id above 32 bits"] = Frames.Raw(FrameType.ToolCall, [0x94, Job, 0xcf, 0, 0, 0, 1, 0, 0, 0, 1, 0xa1, (byte)'t', 0x80]),
    };

    public static TheoryData<string> Confusions => [.. s_confusions.Keys];

    [Theory]
    [MemberData(nameof(Confusions))]
    public async Task P10_A_field_of_the_wrong_kind_is_a_violation(string confusion) =>
        await Arena.Send(ErrorCode.ProtocolViolation, s_confusions[confusion]);

    [Fact]
    public async Task P10_A_repeated_key_is_one_key()
    {
        using var file = new BytesFile(Frames.ResultOf(1, [0x82, 0xa1, (byte)'a', 1, 0xa1, (byte)'a', 2]));
        await using var host = new EnclaveHost(
            new EnclaveOptions(), null, new TestLauncher(TestLauncher.Fake([.. Arena.UntilJob, $"send:{file.Path}", "read-on"])));

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.Equal("""{"a":2}""", result.Value.ToJsonString());
    }

    [Fact]
    public async Task P10_Broken_streams_from_live_workers_end_their_own_job_only()
    {
        int streams = TestSize.Of(50, 3000);
        var random = new Random(20251);
        var files = new List<BytesFile>();
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = 0,
                MaxWorkers = 4,
                MaxQueueSize = streams,
                QueueTimeout = TimeSpan.FromHours(1),
                StartTimeout = TimeSpan.FromSeconds(20),
            },
            Timeout = TimeSpan.FromMilliseconds(300),
            ToolHandler = static (_, args, _) => new(args),
        };
        var launcher = new TestLauncher(TestLauncher.Fake("hello", "ready", "play"));
        try
        {
            await using var host = new EnclaveHost(options, null, launcher);
            var jobs = new List<Task<ExecutionResult>>();
            for (int i = 1; i <= streams; i++)
            {
                // One in eight hangs until its deadline when its stream is cut. The others end with it.
                files.Add(new BytesFile(ByteMutation.Of(Stream((ulong)i), random), i % 8 == 0 ? "" : ".exit"));
                jobs.Add(host.RunAsync("return 1", new RunOptions { SourceName = files[^1].Path }));
            }

            foreach (Task<ExecutionResult> job in jobs)
            {
                ExecutionResult result = await Within.Deadline(job, "answer to a broken stream");
                Assert.True(
                    result.Success
                    || result.Error!.Code is not (ErrorCode.QueueFull or ErrorCode.QueueTimeout or ErrorCode.PoolDisposed or ErrorCode.IsolationUnavailable),
                    $"{result.Error?.Code} {result.Error?.Message}");
            }

            PoolSnapshot snapshot = host.GetSnapshot();
            Assert.Equal(streams, snapshot.Submitted);
            Assert.Equal(streams, snapshot.Settled);
            Assert.Equal(0, snapshot.QueueDepth);
        }
        finally
        {
            files.ForEach((file) => file.Dispose());
        }

        await launcher.AssertNoneLeft();
    }

    [Fact]
    public void P10_Broken_messages_are_refused_and_nothing_else()
    {
        var random = new Random(20252);
        (byte[] Body, Action<ReadOnlyMemory<byte>> Read)[] messages = Messages();
        for (int round = 0; round < TestSize.Of(15_000, 1_000_000); round++)
        {
            (byte[] body, Action<ReadOnlyMemory<byte>> read) = messages[round % messages.Length];
            byte[] broken = ByteMutation.Of(body, random);
            try
            {
                read(broken);
            }
            catch (ProtocolException)
            {
                // The only allowed reaction.
            }
            catch (Exception fault)
            {
                Assert.Fail($"round {round}: {fault.GetType()} {fault.Message} for {Convert.ToHexString(broken)}");
            }
        }
    }

    private static byte[] Stream(ulong job) =>
    [
        .. Frames.Console(job, "one", "two"), .. Frames.ToolCall(job, 1), .. Frames.ToolCall(job, 2), .. Frames.Console(job, "three"),
        .. Frames.Result(job, new { a = new object?[] { 1, "text", 2.5, null, true }, b = new byte[] { 1, 2, 3 } }),
    ];

    private static (byte[] Body, Action<ReadOnlyMemory<byte>> Read)[] Messages() =>
    [
        (Body(new HelloMessage(new byte[16], 1 << 20, 1 << 26, 1 << 27, ["WebAssembly", "Atomics"]).Write), static (body) => HelloMessage.Read(body)),
        (Body((new HelloMessage(new byte[16], 1 << 20, 1 << 26, 1 << 27, []) with { Libraries = new LibraryPlan(2, 1, 1) }).Write), static (body) =>
            HelloMessage.Read(body)),
        (Body((frames) => LibraryMessage.Write(frames, "lib", "exports.a = 1")), static (body) => LibraryMessage.Read(body)),
        (Body((frames) => LibraryFaultMessage.WriteStopped(frames, 1, StopReason.Memory)), static (body) => LibraryFaultMessage.Read(body)),
        (Body(new ReadyMessage(new byte[16], "14.6", "10.0", ["one"]).Write), static (body) => ReadyMessage.Read(body)),
        (Body((frames) => ExecuteMessage.Write(frames, 7, "return 1", "script.js", Frames.Limits, [0x81, 0xa1, (byte)'a', 1])), static (body) =>
            ExecuteMessage.Read(body)),
        (Frames.Console(7, "one", "two")[FrameHeader.Size..], static (body) => ConsoleMessage.Read(body, 100, 10_000)),
        (Frames.ToolCall(7, 1)[FrameHeader.Size..], static (body) => Value(ToolCallMessage.Read(body).Args)),
        (Body((frames) => ToolResultMessage.WriteValue(frames, 7, 1, [0x91, 1])), static (body) => Value(ToolResultMessage.Read(body).Payload)),
        (Body((frames) => ToolResultMessage.WriteError(frames, 7, 1, "Error", "message", "CODE")), static (body) => ToolResultMessage.Read(body)),
        (Body((frames) => ExecuteMessage.Write(frames, 7, "return 1", "script.js", Frames.Limits, [0x80], RunOrigin.Of(5, 1000))), static (body) =>
            ExecuteMessage.Read(body)),
        (Body((frames) => ToolResultMessage.WriteValue(frames, 7, 1, [0x91, 1], 1000)), static (body) => Value(ToolResultMessage.Read(body).Payload)),
        (Frames.Result(7, new { a = new object?[] { 1, "text", 2.5, null }, d = DateTimeOffset.UnixEpoch })[FrameHeader.Size..], static (body) =>
            Value(ResultMessage.Read(body).Payload)),
        (Body((frames) => ResultMessage.Write(frames, 7, RunStatus.Error, [0x96, 0, 0xa1, (byte)'n', 0xa1, (byte)'m', 0xc0, 0xc0, 0xc0], default)),
            static (body) => ScriptError.Read(ResultMessage.Read(body).Payload)),
        (Body((frames) => ResultMessage.WriteStopped(frames, 7, StopReason.Iterations, 12, default)), static (body) => ResultMessage.Read(body).ReadStop()),
        (Body(new CancelMessage(7).Write), static (body) => CancelMessage.Read(body)),
        (Body(new DeadlineMessage(7, 1_000_000).Write), static (body) => DeadlineMessage.Read(body)),
        (Body(ShutdownMessage.Write), static (body) => ShutdownMessage.Read(body)),
        // Whole streams, header and all.
        (Stream(7), static (bytes) => Cut(bytes)),
    ];

    private static byte[] Body(Action<FrameBuffer> write) => Frames.Of(write)[FrameHeader.Size..];

    private static void Value(ReadOnlyMemory<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        ScriptValueCodec.Read(ref reader, s_limits);
    }

    private static void Cut(ReadOnlyMemory<byte> bytes)
    {
        var reader = new FrameReader(1 << 20);
        try
        {
            while (!bytes.IsEmpty)
            {
                Memory<byte> free = reader.FreeSpace();
                int n = Math.Min(free.Length, bytes.Length);
                bytes[..n].CopyTo(free);
                bytes = bytes[n..];
                reader.Advance(n);
                while (reader.TryRead(out Frame frame))
                {
                    if (frame.Type == FrameType.Result) Value(ResultMessage.Read(frame.Body).Payload);
                }
            }
        }
        finally
        {
            reader.Release();
        }
    }
}
