using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Messages;

/// <summary>The body of an error that the script threw.</summary>
/// <param name="Tool">With <see cref="ScriptErrorKind.Tool"/> the failed tool, even if the script has changed the error since.</param>
/// <param name="Code">The code of that failure, or of the error; null for none.</param>
/// <param name="Causes">The error's cause, the cause of that one and so on, each in one line.</param>
/// <param name="Errors">The errors of an <c>AggregateError</c>, each in one line.</param>
internal sealed record ScriptError(
    ScriptErrorKind Kind, string Name, string Message, string? Stack, string? Tool, string? Code, IReadOnlyList<string> Causes, IReadOnlyList<string> Errors)
{
    /// <summary>Reads the payload of a failed run.</summary>
    /// <exception cref="ProtocolException">The payload is not an error.</exception>
    public static ScriptError Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(8);
        int kind = reader.ReadInt32();
        if (kind is < (int)ScriptErrorKind.Thrown or > (int)ScriptErrorKind.Stalled) throw ProtocolException.At(reader.Consumed, $"error kind {kind}");
        string name = reader.ReadString(MessageLimits.ErrorNameBytes);
        string message = reader.ReadString(MessageLimits.ErrorMessageBytes);
        string? stack = reader.TryReadNil() ? null : reader.ReadString(MessageLimits.StackBytes);
        string? tool = reader.TryReadNil() ? null : reader.ReadString(MessageLimits.ToolNameBytes);
        string? code = reader.TryReadNil() ? null : reader.ReadString(MessageLimits.ErrorCodeBytes);
        string[] causes = ReadLines(ref reader, MessageLimits.ErrorCauses), errors = ReadLines(ref reader, MessageLimits.ErrorErrors);
        reader.ExpectEnd();
        return new ScriptError((ScriptErrorKind)kind, name, message, stack, tool, code, causes, errors);
    }

    private static string[] ReadLines(ref MessagePackReader reader, int most)
    {
        int count = reader.ReadArrayHeader();
        if (count > most) throw ProtocolException.At(reader.Consumed, $"{count} lines of an error, at most {most}");
        string[] lines = count == 0 ? [] : new string[count];
        for (int i = 0; i < count; i++) lines[i] = reader.ReadString(MessageLimits.ErrorLineBytes);
        return lines;
    }
}
