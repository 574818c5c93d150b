using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Values;

namespace Enclave.Testing.Scripts;

/// <summary>Reads the values that the host sends to a script.</summary>
internal static class PayloadReader
{
    public static ScriptValue ReadValue(ReadOnlyMemory<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        // The host has checked the size, and a real worker has no further limits for messages of the host.
        return ScriptValueCodec.Read(ref reader, ValueLimits.Widest with { MaxReferences = int.MaxValue });
    }

    public static ToolException ReadFailure(ReadOnlyMemory<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        reader.ReadArrayHeader(3);
        string name = reader.ReadString(payload.Length), message = reader.ReadString(payload.Length);
        return new ToolException(message) { Name = name, Code = reader.TryReadNil() ? null : reader.ReadString(payload.Length) };
    }
}
