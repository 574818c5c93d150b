using Enclave.Protocol.Frames;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>Each kind of fault in each message: the worker reads as strictly as the host's own readers, and exits with its own code.</summary>
public sealed class MalformedFrameTests : IDisposable
{
    private readonly StrictReading _reading = new();

    private static readonly byte[] s_array2Billion = [0xdd, 0x7f, 0xff, 0xff, 0xff], s_array4Billion = [0xdd, 0xff, 0xff, 0xff, 0xff],
        s_map4Billion = [0xdf, 0xff, 0xff, 0xff, 0xff];

    public static TheoryData<string> Names => [.. ValidFrames.All.Keys];

    public void Dispose() => _reading.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole_as_it_is(string name)
    {
        (Stage stage, FrameType type, byte[] body) = ValidFrames.All[name];

        _reading.Check(stage, type, body);

        // The host parks no run of a portable worker, which has no checkpoint.
        Assert.Equal(TestedEngine.IsPortable && type == FrameType.Park ? 0 : 1, _reading.Taken);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cut_short_anywhere(string name)
    {
        (Stage stage, FrameType type, byte[] body) = ValidFrames.All[name];
        int step = Math.Max(1, body.Length / TestSize.Of(4, 24));
        for (int length = 0; length < body.Length; length += step) _reading.Check(stage, type, body[..length]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void With_more_behind_it(string name)
    {
        (Stage stage, FrameType type, byte[] body) = ValidFrames.All[name];

        _reading.Check(stage, type, [.. body, 0xc0]);
        _reading.Check(stage, type, [.. body, .. body]);
    }

    [Theory]
    [InlineData("c080")]
    [InlineData("c1bf")]
    [InlineData("c3")]
    [InlineData("c328")]
    [InlineData("80")]
    [InlineData("e08080")]
    [InlineData("e09fbf")]
    [InlineData("eda080")]
    [InlineData("edbfbf")]
    [InlineData("ed9fbf")]
    [InlineData("ee8080")]
    [InlineData("efbfbf")]
    [InlineData("efbf")]
    [InlineData("f08fbfbf")]
    [InlineData("f0908080")]
    [InlineData("f48fbfbf")]
    [InlineData("f4908080")]
    [InlineData("f5808080")]
    [InlineData("f09080")]
    [InlineData("ff")]
    [InlineData("00")]
    public void Text_of_any_bytes(string bytes)
    {
        byte[] text = [.. "0123456789"u8, .. Convert.FromHexString(bytes), .. "89"u8], literal = [0xd9, (byte)text.Length, .. text];

        _reading.Check(Stage.BetweenJobs, FrameType.Execute, ValidFrames.ExecuteWith(globals: [0x81, 0xa1, (byte)'x', .. literal]));
        _reading.Check(Stage.BetweenJobs, FrameType.Execute, ValidFrames.ExecuteWith(globals: [0x81, .. literal, 0xc0]));
        _reading.Check(Stage.BetweenJobs, FrameType.Execute, ValidFrames.ExecuteWith(source: [0xd9, (byte)(text.Length + 2), .. "//"u8, .. text]));
        _reading.Check(Stage.BetweenJobs, FrameType.Execute, ValidFrames.ExecuteWith(name: literal));
        _reading.Check(Stage.WaitingForATool, FrameType.ToolResult, ValidFrames.ToolResultWith(literal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(130)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public void Values_of_any_depth(int depth)
    {
        byte[] arrays = [.. Enumerable.Repeat((byte)0x91, depth - 1), 0x90], maps = [
            .. Enumerable.Repeat((byte[])[0x81, 0xa1, (byte)'x'], depth - 1).SelectMany((one) => one), 0x80];
        foreach (byte[] value in (byte[][])[arrays, maps])
        {
            _reading.Check(Stage.BetweenJobs, FrameType.Execute, ValidFrames.ExecuteWith(globals: value));
            _reading.Check(Stage.WaitingForATool, FrameType.ToolResult, ValidFrames.ToolResultWith(value));
        }
    }

    [Fact]
    public void Counts_above_what_there_is()
    {
        byte[][] values =
        [
            s_array2Billion, s_array4Billion, s_map4Billion, [0xde, 0xff, 0xff], [0xdc, 0, 3, 0xc0, 0xc0], [0x92, 0xdc, 0, 2, 0xc0, 0xc0],
            [0x82, 0xa1, (byte)'x', 0xc0, 0xa1], [0xdb, 0xff, 0xff, 0xff, 0xff],
            [0xc6, 0x7f, 0xff, 0xff, 0xff], [0xc9, 0xff, 0xff, 0xff, 0xff, 1], [0xc7, 5, 1], [0xd8, 1], [0xc1], [0xca, 0], [0xcf, 1], [0xd3, 1], [0xdd],
            [.. Enumerable.Repeat(s_array2Billion, 100).SelectMany((one) => one)],
        ];
        foreach (byte[] value in values)
        {
            _reading.Check(Stage.BetweenJobs, FrameType.Execute, ValidFrames.ExecuteWith(globals: value));
            _reading.Check(Stage.WaitingForATool, FrameType.ToolResult, ValidFrames.ToolResultWith(value));
        }

        foreach (byte[] body in (byte[][])[s_array4Billion, s_array2Billion, [0x9f], [0xc0], []])
        {
            foreach (FrameType type in (FrameType[])[FrameType.Execute, FrameType.Shutdown]) _reading.Check(Stage.BetweenJobs, type, body);
            foreach (FrameType type in (FrameType[])[FrameType.ToolResult, FrameType.Cancel, FrameType.Deadline])
                _reading.Check(Stage.WaitingForATool, type, body);
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("7f")]
    [InlineData("cc07")]
    [InlineData("cd0007")]
    [InlineData("ce00000007")]
    [InlineData("cf0000000000000007")]
    [InlineData("cfffffffffffffffff")]
    [InlineData("d007")]
    [InlineData("d0ff")]
    [InlineData("d10007")]
    [InlineData("d300000000000000ff")]
    [InlineData("d3ffffffffffffffff")]
    [InlineData("ff")]
    [InlineData("ca40e00000")]
    [InlineData("cb401c000000000000")]
    [InlineData("a137")]
    [InlineData("c0")]
    [InlineData("c3")]
    public void Numbers_in_any_form(string number)
    {
        byte[] bytes = Convert.FromHexString(number);

        _reading.Check(Stage.BetweenJobs, FrameType.Execute, ValidFrames.ExecuteWith(id: bytes));
        _reading.Check(Stage.WaitingForATool, FrameType.Cancel, [0x91, .. bytes]);
        _reading.Check(Stage.WaitingForATool, FrameType.Deadline, [0x92, (byte)StrictReading.Job, .. bytes]);
        _reading.Check(Stage.WaitingForATool, FrameType.ToolResult, [0x94, (byte)StrictReading.Job, .. bytes, 0, 0xc0]);
        _reading.Check(Stage.WaitingForATool, FrameType.ToolResult, [0x94, (byte)StrictReading.Job, 1, .. bytes, 0x93, 0xa1, (byte)'E', 0xa1, (byte)'m', 0xc0]);
    }

    [Theory]
    [InlineData((byte)FrameType.Hello)]
    [InlineData((byte)FrameType.Ready)]
    [InlineData((byte)FrameType.Console)]
    [InlineData((byte)FrameType.ToolCall)]
    [InlineData((byte)FrameType.Result)]
    [InlineData((byte)9)]
    [InlineData((byte)10)]
    [InlineData((byte)FrameType.LibraryFault)]
    [InlineData((byte)FrameType.Ended)]
    [InlineData((byte)FrameType.Parked)]
    public void Frames_that_no_host_sends(byte type)
    {
        _reading.Check(Stage.BetweenJobs, (FrameType)type, [0x91, 1]);
        _reading.Check(Stage.WaitingForATool, (FrameType)type, [0x91, 1]);
    }

    [Theory]
    [InlineData("ec1a010900000002")]
    [InlineData("ec1b010900000002")]
    [InlineData("001a010900000002")]
    [InlineData("ec1a020000000000")]
    [InlineData("ec1a021200000000")]
    [InlineData("ec1a021400000000")]
    [InlineData("ec1a02ff00000000")]
    [InlineData("ec1a020900800001")]
    [InlineData("ec1a0209ffffffff")]
    public void Headers_that_are_none(string header)
    {
        foreach (Stage stage in Enum.GetValues<Stage>())
        {
            using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
            StrictReading.Reach(stage, worker);

            worker.Pipes.Send(Convert.FromHexString(header));

            Assert.Null(worker.Pipes.Next());
            Assert.True(worker.ExitCode == 75, $"{stage}: {worker.End()}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_host_that_goes_within_a_frame_leaves_no_worker(string name)
    {
        (Stage stage, FrameType type, byte[] body) = ValidFrames.All[name];
        byte[] frame = FrameBytes.Raw(type, body);
        foreach (int length in (int[])[1, FrameHeader.Size, frame.Length - 1])
        {
            using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
            StrictReading.Reach(stage, worker);

            worker.Pipes.Send(frame.AsSpan(0, length));
            worker.Pipes.CloseInput();

            Assert.Null(worker.Pipes.Next());
            Assert.True(worker.ExitCode == 76, $"{length} bytes: {worker.End()}");
        }
    }
}
