using System.Buffers;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Worker.Tests;

/// <summary>The outcome of a job.</summary>
internal sealed record JobAnswer(
    RunStatus Status, byte[] Payload, StopReason Reason, long Where, RunUsage Usage, IReadOnlyList<CalledTool> Calls, IReadOnlyList<string> Console)
{
    public ScriptValue Value
    {
        get
        {
            Assert.True(Status == RunStatus.Value, Status == RunStatus.Error ? Error.ToString() : $"stopped: {Reason}");
            return Decode(Payload);
        }
    }

    public string Json => Value.ToJsonString();

    public ScriptError Error
    {
        get
        {
            Assert.Equal(RunStatus.Error, Status);
            return ScriptError.Read(Payload);
        }
    }

    /// <summary>Everything except the time that it took.</summary>
    public string Outcome =>
        $"{Status} {Reason} {Where} {Convert.ToHexString(Payload)} {Usage.ToolCalls} calls {Usage.Iterations} iterations {Usage.Ready} " +
            $"ready\n{string.Join('\n', Calls)}\n{string.Join('\n', Console)}";

    public static ScriptValue Decode(byte[] encoded) => ScriptValueCodec.Decode(new ReadOnlySequence<byte>(encoded), ValueLimits.Widest);

    public static JobAnswer Of(in ResultMessage result, IReadOnlyList<CalledTool> calls, IReadOnlyList<string> console)
    {
        (StopReason reason, long where) = result.Status == RunStatus.Stopped ? result.ReadStop() : default;
        return new JobAnswer(result.Status, result.Payload.ToArray(), reason, where, result.Usage, calls, console);
    }
}
