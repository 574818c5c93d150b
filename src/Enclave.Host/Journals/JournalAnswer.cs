using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Values;

namespace Enclave.Journals;

/// <summary>The answer that somebody gave to a wait: a value or a failure.</summary>
internal sealed record JournalAnswer(ScriptValue Value, ToolFailure? Failure)
{
    private const int MaxText = 1 << 20, MaxFailureText = 4096;

    /// <summary>An answer from outside: a value, or a <see cref="ToolException"/>.</summary>
    /// <exception cref="ArgumentException">The value is not data.</exception>
    public static JournalAnswer Of(object? value) => value is ToolException failure
        ? new JournalAnswer(ScriptValue.Undefined, new ToolFailure(Cut(failure.Name), Cut(failure.Message), Cut(failure.Code)))
        : new JournalAnswer(ScriptValue.From(value), null);

    /// <summary>The value.</summary>
    /// <exception cref="ToolException">It is a failure.</exception>
    public ScriptValue Take() => Failure is { } failure ? throw failure.ToException() : Value;

    /// <summary>
    /// Seals an answer for one wait of one run, with the key of the run's head: whoever can go on with the run can read its answers, and nobody else can
    /// give one.
    /// </summary>
    /// <exception cref="JournalException">The head is not what was sealed for this run, or its key is missing here.</exception>
    public static byte[] Write(JournalSeal seal, StoredRun run, StoredWait wait, JournalAnswer answer)
    {
        uint key = seal.KeyOf(run.Head.AsSpan());
        var content = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(content);
        writer.WriteArrayHeader(answer.Failure is null ? 1 : 3);
        if (answer.Failure is { } failure)
        {
            writer.WriteString(failure.Name);
            writer.WriteString(failure.Message);
            JournalFormat.Write(writer, failure.Code);
        }
        else
        {
            ScriptValueCodec.Write(writer, answer.Value);
        }

        return seal.Seal(SealPurpose.Answer, wait.Call, Link(wait), content.WrittenSpan, key);
    }

    /// <exception cref="JournalException">It is not what was sealed for this wait.</exception>
    public static JournalAnswer Read(JournalSeal seal, StoredWait wait, ReadOnlyMemory<byte> part)
    {
        (int length, byte[] content) = seal.Open(SealPurpose.Answer, wait.Call, Link(wait), part.Span);
        if (length != part.Length) throw new JournalException(JournalFault.Damaged, "the answer to a wait is refused: something follows it");
        try
        {
            var reader = new MessagePackReader(content);
            int fields = reader.ReadArrayHeader();
            if (fields == 1) return new JournalAnswer(ScriptValueCodec.Read(ref reader, ValueLimits.Widest), null);
            if (fields != 3) throw ProtocolException.At(reader.Consumed, $"an answer of {fields} fields");
            return new JournalAnswer(
                ScriptValue.Undefined, new ToolFailure(reader.ReadString(MaxText), reader.ReadString(MaxText), JournalFormat.Text(ref reader)));
        }
        catch (ProtocolException fault)
        {
            throw new JournalException(JournalFault.Damaged, $"the answer to a wait is damaged: {fault.Message}", fault);
        }
    }

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text) => text?.Length > MaxFailureText ? text[..MaxFailureText] : text;

    private static ReadOnlySpan<byte> Link(StoredWait wait) => SHA256.HashData(Encoding.UTF8.GetBytes(wait.Token)).AsSpan(0, JournalSeal.TagBytes);
}
