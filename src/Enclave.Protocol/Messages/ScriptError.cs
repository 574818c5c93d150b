using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The body of an error that the script threw.</summary>
/// <param name="Tool">With <see cref="ScriptErrorKind.Tool"/> the failed tool, even if the script has changed the error since.</param>
/// <param name="Code">The code of that failure; null for none.</param>
internal sealed record ScriptError(ScriptErrorKind Kind, string Name, string Message, string? Stack, string? Tool, string? Code)
{
    /// <summary>Reads the payload of a failed run.</summary>
    /// <exception cref="ProtocolException">The payload is not an error.</exception>
    public static ScriptError Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(6);
        int kind = reader.ReadInt32();
        if (kind is < (int)ScriptErrorKind.Thrown or > (int)ScriptErrorKind.Stalled) throw ProtocolException.At(reader.Consumed, $"error kind {kind}");
        string name = reader.ReadString(MessageLimits.ErrorNameBytes);
        string message = reader.ReadString(MessageLimits.ErrorMessageBytes);
        string? stack = reader.TryReadNil() ? null : reader.ReadString(MessageLimits.StackBytes);
        string? tool = reader.TryReadNil() ? null : reader.ReadString(MessageLimits.ToolNameBytes);
        string? code = reader.TryReadNil() ? null : reader.ReadString(MessageLimits.ErrorCodeBytes);
        reader.ExpectEnd();
        return new ScriptError((ScriptErrorKind)kind, name, message, stack, tool, code);
    }
}
