using System.Buffers;
using System.Collections.Immutable;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Journals;

/// <summary>The bytes of a run's row, for stores without columns.</summary>
internal static class StoredRunFormat
{
    /// <summary>The most bytes of a row: each list reads it.</summary>
    public const int MaxBytes = 256 << 10;

    private const int Fields = 14, MaxText = 4096;

    /// <summary>The most bytes of a wait without its texts, and of the other parts of a row that change.</summary>
    private const int WaitBytes = 20, OtherBytes = 256;

    public static byte[] Write(StoredRun run)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Fields);
        writer.WriteInt64(JournalFormat.Version);
        JournalFormat.Write(writer, run.Key.Tenant);
        writer.WriteString(run.Key.Name);
        writer.WriteBinary(run.Journal.ToByteArray());
        writer.WriteBinary(run.Origin.AsSpan());
        JournalFormat.Write(writer, run.Created);
        JournalFormat.Write(writer, run.Changed);
        writer.WriteInt64((int)run.State);
        JournalFormat.Write(writer, run.Due);
        writer.WriteArrayHeader(run.Waits.Length);
        foreach (StoredWait wait in run.Waits)
        {
            writer.WriteArrayHeader(5);
            JournalFormat.Write(writer, wait);
        }

        writer.WriteInt64(run.Entries);
        writer.WriteInt64(run.Bytes);
        writer.WriteBinary(run.Head.AsSpan());
        writer.WriteArrayHeader(2);
        writer.WriteInt64(run.Attempts);
        JournalFormat.Write(writer, run.Outcome);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The most bytes that a wait takes in a row.</summary>
    public static long SizeOf(StoredWait wait) => WaitBytes + EncodedSize.OfText(wait.Name) + EncodedSize.OfText(wait.Token);

    /// <summary>The most bytes that the row of a run takes, whatever changes but its waits.</summary>
    public static long SizeOf(StoredRun run) => Write(run with { Waits = [] }).Length + OtherBytes + run.Waits.Sum(SizeOf);

    /// <exception cref="JournalException">The bytes are not a row.</exception>
    public static StoredRun Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ReadRow(bytes);
        }
        catch (ProtocolException fault)
        {
            throw Damaged(fault);
        }
    }

    /// <summary>The key of a row, of which at least the beginning is there.</summary>
    /// <exception cref="JournalException">The bytes are not the beginning of a row.</exception>
    public static RunKey ReadKey(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            return ReadKey(ref reader);
        }
        catch (ProtocolException fault)
        {
            throw Damaged(fault);
        }
    }

    private static JournalException Damaged(ProtocolException fault) =>
        new(JournalFault.Damaged, $"the row of a durable run is damaged: {fault.Message}", fault);

    private static RunKey ReadKey(ref MessagePackReader reader)
    {
        reader.ReadArrayHeader(Fields);
        int version = reader.ReadInt32();
        if (version > JournalFormat.Version) throw JournalFormat.Later($"the row of a durable run is of version {version}");
        if (version != JournalFormat.Version) throw ProtocolException.At(reader.Consumed, $"version {version}");
        return new RunKey(JournalFormat.Text(ref reader), reader.ReadString(MaxText));
    }

    private static StoredRun ReadRow(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        RunKey key = ReadKey(ref reader);
        ReadOnlySequence<byte> journal = reader.ReadBinary(16);
        if (journal.Length != 16) throw ProtocolException.At(reader.Consumed, $"an id of {journal.Length} bytes");
        var run = new StoredRun
        {
            Key = key,
            Journal = new Guid(journal.ToArray()),
            Origin = [.. reader.ReadBinary(64).ToArray()],
            Created = JournalFormat.Time(ref reader),
            Changed = JournalFormat.Time(ref reader),
            State = (DurableRunState)reader.ReadInt32(),
            Due = reader.TryReadNil() ? null : JournalFormat.Time(ref reader),
            Waits = ReadWaits(ref reader),
            Entries = reader.ReadInt32(),
            Bytes = reader.ReadInt64(),
            Head = [.. reader.ReadBinary(1024).ToArray()],
        };
        reader.ReadArrayHeader(2);
        run = run with { Attempts = reader.ReadInt32(), Outcome = JournalFormat.Text(ref reader) };
        reader.ExpectEnd();
        return Enum.IsDefined(run.State) ? run : throw ProtocolException.At(0, $"a state {(int)run.State}");
    }

    private static ImmutableArray<StoredWait> ReadWaits(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        ImmutableArray<StoredWait>.Builder waits = ImmutableArray.CreateBuilder<StoredWait>();
        for (int i = 0; i < count; i++)
        {
            reader.ReadArrayHeader(5);
            waits.Add(JournalFormat.ReadWait(ref reader));
        }

        return waits.ToImmutable();
    }
}
