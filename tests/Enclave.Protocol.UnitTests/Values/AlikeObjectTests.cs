using System.Buffers;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Tests.Codec;
using Enclave.Protocol.Values;

namespace Enclave.Protocol.Tests.Values;

/// <summary>Objects that follow objects with the same, or nearly the same, names: each is read as if it came alone.</summary>
public sealed class AlikeObjectTests
{
    // Around the lengths at which a header changes, the number of names that is scanned, and names that are not ASCII.
    private static readonly string[] s_names =
    [
        "", "a", "b", "id", "name", "näme", "\u20ac", new('x', 31), new('x', 32), new('y', 255), new('y', 256),
        .. Enumerable.Range(0, 12).Select((i) => $"member{i}"),
    ];

    [Fact]
    public void Lists_of_alike_objects_are_read_as_each_object_alone()
    {
        var random = new Random(20261127);
        for (int list = 0; list < 400; list++)
        {
            List<(string, int)>[] objects = [.. Alike(random)];
            ScriptValue read = Read((writer) =>
            {
                writer.WriteArrayHeader(objects.Length);
                foreach (List<(string, int)> members in objects) Write(writer, members);
            });

            for (int i = 0; i < objects.Length; i++)
            {
                ScriptValue alone = Read((writer) => Write(writer, objects[i]));
                Assert.Equal(alone, read[i]);
                Assert.Equal(alone.Properties.Select((p) => p.Key), read[i].Properties.Select((p) => p.Key));
                // The last value of a repeated name, and nothing under names that only the object before has.
                foreach (string name in s_names)
                {
                    (string, int) last = objects[i].LastOrDefault((m) => m.Item1 == name, ("", -1));
                    Assert.Equal(last.Item2 < 0 ? ScriptValue.Undefined : ScriptValue.OfNumber(last.Item2), read[i][name]);
                }
            }
        }
    }

    [Fact]
    public void A_body_in_pieces_is_read_as_one_in_one_piece()
    {
        byte[] encoded = Bytes((writer) =>
        {
            writer.WriteArrayHeader(4);
            for (int i = 0; i < 4; i++) Write(writer, [("id", i), ("name", i), (new string('x', 40), i)]);
        });
        ScriptValue whole = ScriptValueCodec.Decode(new ReadOnlySequence<byte>(encoded), ValueLimits.Widest);

        for (int cut = 1; cut < encoded.Length; cut++)
            Assert.Equal(whole, ScriptValueCodec.Decode(Encoded.Segmented(encoded, cut), ValueLimits.Widest));
    }

    [Fact]
    public void Names_that_are_met_again_take_no_memory()
    {
        long Allocated(Func<int, string> name)
        {
            byte[] encoded = Bytes((writer) =>
            {
                writer.WriteArrayHeader(1000);
                for (int i = 0; i < 1000; i++) Write(writer, [(name(i), i)]);
            });
            var body = new ReadOnlySequence<byte>(encoded);
            _ = ScriptValueCodec.Decode(body, ValueLimits.Widest);
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = ScriptValueCodec.Decode(body, ValueLimits.Widest);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // A string of 11 characters takes 48 bytes.
        Assert.InRange(Allocated((i) => $"member {i:0000}") - Allocated((_) => "member 0000"), 47_000, 49_000);
    }

    private static IEnumerable<List<(string Name, int Value)>> Alike(Random random)
    {
        List<(string, int)> members = [];
        for (int i = 0; i < 12; i++)
        {
            if (members.Count == 0 || random.Next(3) == 0) members = [.. Enumerable.Range(0, random.Next(14)).Select((_) => Member(random))];
            var next = members.Select((m) => (m.Item1, random.Next(1000))).ToList();
            switch (random.Next(6))
            {
                case 0 when next.Count > 0: next.RemoveAt(random.Next(next.Count)); break;
                case 1: next.Insert(random.Next(next.Count + 1), Member(random)); break;
                case 2 when next.Count > 0: next.Add(next[0]); break;
                case 3: next.Reverse(); break;
            }

            yield return next;
        }
    }

    private static (string, int) Member(Random random) => (s_names[random.Next(s_names.Length)], random.Next(1000));

    private static void Write(MessagePackWriter writer, List<(string Name, int Value)> members)
    {
        writer.WriteMapHeader(members.Count);
        foreach ((string name, int value) in members)
        {
            writer.WriteString(name);
            writer.WriteInt64(value);
        }
    }

    private static ScriptValue Read(Action<MessagePackWriter> write) =>
        ScriptValueCodec.Decode(new ReadOnlySequence<byte>(Bytes(write)), ValueLimits.Widest);

    private static byte[] Bytes(Action<MessagePackWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new MessagePackWriter(output));
        return output.WrittenSpan.ToArray();
    }
}
