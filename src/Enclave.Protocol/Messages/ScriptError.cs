using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>An error body: what the script threw, as texts.</summary>
internal sealed record ScriptError(ScriptErrorKind Kind, string Name, string Message, string? Stack)
{
    public static ScriptError Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(4);
        int kind = reader.ReadInt32();
        if (kind is < (int)ScriptErrorKind.Thrown or > (int)ScriptErrorKind.Stalled) throw ProtocolException.At(reader.Consumed, $"error kind {kind}");
        string name = reader.ReadString(MessageLimits.ErrorNameBytes);
        string message = reader.ReadString(MessageLimits.ErrorMessageBytes);
        string? stack = reader.TryReadNil() ? null : reader.ReadString(MessageLimits.StackBytes);
        reader.ExpectEnd();
        return new ScriptError((ScriptErrorKind)kind, name, message, stack);
    }
}
