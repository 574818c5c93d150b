using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Values;
using Enclave.Runs;

namespace Enclave.Journals;

/// <summary>The answers to waits as a store keeps them.</summary>
internal static class AnswerFormat
{
    private const int MaxText = 1 << 20;

    /// <summary>
    /// Seals an answer for one wait of one run, with the key of the run's head: the hosts that can continue the run can read its answers, and only they can
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

    /// <exception cref="JournalException">The bytes are not those that were sealed for this wait.</exception>
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

    private static ReadOnlySpan<byte> Link(StoredWait wait) => SHA256.HashData(Encoding.UTF8.GetBytes(wait.Token)).AsSpan(0, JournalSeal.TagBytes);
}
