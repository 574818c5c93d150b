using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Tests;

/// <summary>One valid body of each message that a worker reads, at the stage where it reads it.</summary>
internal static class ValidFrames
{
    private static readonly byte[] s_job = [(byte)StrictReading.Job];

    private static readonly ScriptJob s_own = new("return [args, 'x']") { Globals = new { args = new object[] { 1, "text", 2.5 } } };

    public static Dictionary<string, (Stage Stage, FrameType Type, byte[] Body)> All { get; } = new()
    {
        ["execute"] = (Stage.BetweenJobs, FrameType.Execute, BodyOf((frames) => s_own.Write(frames, StrictReading.Job))),
        ["repeatable execute"] = (Stage.BetweenJobs, FrameType.Execute, BodyOf(
            (frames) => (s_own with { Origin = RunOrigin.Of(5, 1_700_000_000_000), Key = new(9) }).Write(frames, StrictReading.Job))),
        ["shutdown"] = (Stage.BetweenJobs, FrameType.Shutdown, BodyOf(ShutdownMessage.Write)),
        ["tool result"] = (Stage.WaitingForATool, FrameType.ToolResult, ToolResultWith(
            [0x82, 0xa1, (byte)'a', 0x93, 1, 0xc0, 0xcb, 0x40, 0, 0, 0, 0, 0, 0, 0, 0xa1, (byte)'b', 0xa1, (byte)'x'])),
        ["tool result with a time"] = (Stage.WaitingForATool, FrameType.ToolResult, BodyOf(
            (frames) => (ToolReply.Value(5) with { Milliseconds = 77 }).Write(frames, StrictReading.Job, StrictReading.Call))),
        ["tool error"] = (Stage.WaitingForATool, FrameType.ToolResult, BodyOf(
            (frames) => ToolReply.Error("Missing", "no user", "E404").Write(frames, StrictReading.Job, StrictReading.Call))),
        ["cancel"] = (Stage.WaitingForATool, FrameType.Cancel, BodyOf(new CancelMessage(StrictReading.Job).Write)),
        ["suspend"] = (Stage.WaitingForATool, FrameType.Suspend, BodyOf(new SuspendMessage(StrictReading.Job, 1).Write)),
        ["park"] = (Stage.WaitingForATool, FrameType.Park, BodyOf(new ParkMessage(StrictReading.Job).Write)),
        ["deadline"] = (Stage.WaitingForATool, FrameType.Deadline, BodyOf(new DeadlineMessage(StrictReading.Job, 30_000_000).Write)),
        ["cancel of a spinning script"] = (Stage.Spinning, FrameType.Cancel, BodyOf(new CancelMessage(StrictReading.Job).Write)),
        ["deadline of a spinning script"] = (Stage.Spinning, FrameType.Deadline, BodyOf(new DeadlineMessage(StrictReading.Job, 30_000_000).Write)),
    };

    public static byte[] BodyOf(Action<FrameBuffer> write) => FrameBytes.Of(write)[FrameHeader.Size..];

    /// <summary>An execute with these encoded fields.</summary>
    public static byte[] ExecuteWith(byte[]? id = null, byte[]? source = null, byte[]? name = null, byte[]? globals = null)
    {
        byte[] limits = BodyOf((frames) =>
        {
            frames.BeginFrame(FrameType.Execute);
            var writer = new MessagePackWriter(frames);
            ScriptJob.Usual.Write(ref writer);
            frames.EndFrame();
        });
        return [0x96, .. id ?? s_job, .. source ?? [0xa8, .. "return 1"u8], .. name ?? [0xa9, .. "script.js"u8], .. limits, .. globals ?? [0x80], 0xc4, 0];
    }

    /// <summary>An answer to the call that a job waits for.</summary>
    public static byte[] ToolResultWith(byte[] value) => [0x94, .. s_job, (byte)StrictReading.Call, 0, .. value];
}
