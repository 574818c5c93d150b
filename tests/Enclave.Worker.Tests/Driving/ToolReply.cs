using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Worker.Tests;

/// <summary>A tool call that a script made. The arguments are as they were encoded.</summary>
internal sealed record CalledTool(uint Id, string Name, byte[] Args)
{
    public override string ToString() => $"{Id} {Name} {Convert.ToHexString(Args)}";
}

/// <summary>What a call is answered with.</summary>
internal sealed record ToolReply
{
    private byte[] _value = [];
    private (string Name, string Message, string? Code)? _error;

    /// <summary>The time it moves a repeatable run to.</summary>
    public long? Milliseconds { get; init; }

    public static ToolReply Value(object? value) => Encoded(ScriptValueCodec.Encode(ScriptValue.From(value)));

    public static ToolReply Encoded(byte[] value) => new() { _value = value };

    public static ToolReply Error(string name, string message, string? code) => new() { _error = (name, message, code) };

    public void Write(FrameBuffer frames, ulong job, uint call)
    {
        if (_error is { } error) ToolResultMessage.WriteError(frames, job, call, error.Name, error.Message, error.Code, Milliseconds);
        else ToolResultMessage.WriteValue(frames, job, call, _value, Milliseconds);
    }
}
