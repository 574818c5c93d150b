using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Worker.Tests;

/// <summary>A script's tool call. The arguments are in their encoded form.</summary>
internal sealed record CalledTool(uint Id, string Name, byte[] Args)
{
    public override string ToString() => $"{Id} {Name} {Convert.ToHexString(Args)}";
}

/// <summary>The reply to a call.</summary>
internal sealed record ToolReply
{
    private byte[] _value = [];
    private (string Name, string Message, string? Code)? _error;

    /// <summary>The new time of a repeatable run.</summary>
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
