using System.Buffers;
using System.Diagnostics;
using Enclave.Protocol.Tests.Values;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Protocol.Tests.Codec;

public sealed class FuzzTests
{
    private const int Seed = 20261120;

    // Many times the duration on a slow machine: it only stops a frame whose cost exceeds its length.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_mutated_frame_is_read_or_refused()
    {
        var random = new Random(Seed);
        byte[][] seeds = [RichFrame.Bytes, .. ValueGenerator.Many(Seed, 50).Select(ScriptValueCodec.Encode)];
        int count = TestSize.Of(30_000, 1_000_000);
        int read = 0;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
        {
            byte[] frame = Mutate(random, seeds[random.Next(seeds.Length)]);
            ReadOnlySequence<byte> bytes = i % 4 == 0 ? Encoded.Segmented(frame, random.Next(frame.Length + 1)) : new(frame);
            try
            {
                if (i % 2 == 0) RichFrame.Raw(bytes);
                else if (i % 16 == 1) RichFrame.Walk(bytes);
                else RoundTrip(RichFrame.Value(bytes));
                read++;
            }
            catch (ProtocolException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"frame {i} of seed {Seed} gave {error}: {Convert.ToHexString(frame)}");
            }

            if (clock.Elapsed > Deadline) Assert.Fail($"{i} of {count} frames took {clock.Elapsed}");
        }

        // A test with only refused or only accepted mutations would show nothing.
        Assert.InRange(read, count / 50, count - count / 50);
    }

    [Fact]
    public void A_value_is_checked_as_it_is_read()
    {
        var random = new Random(Seed);
        byte[][] seeds = [.. ValueGenerator.Many(Seed + 1, 200).Select(ScriptValueCodec.Encode)];
        var narrow = new ValueLimits { MaxDepth = 3, MaxProperties = 8, MaxBytes = 200 };
        int count = TestSize.Of(30_000, 1_000_000);
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = i % 5 == 0 ? seeds[random.Next(seeds.Length)] : Mutate(random, seeds[random.Next(seeds.Length)]);
            ValueLimits limits = i % 3 == 0 ? narrow : ValueLimits.Widest;
            bool isRead = Passes(() => ScriptValueCodec.Decode(new(bytes), limits));
            if (isRead) read++;
            if (isRead != Passes(() => ScriptValueCodec.Check(bytes, limits)))
                Assert.Fail($"value {i} of seed {Seed} is read: {isRead}: {Convert.ToHexString(bytes)}");
        }

        Assert.InRange(read, count / 50, count - count / 50);
    }

    private static bool Passes(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    private static void RoundTrip(ScriptValue value)
    {
        Assert.Equal(value, RichFrame.Value(new(ScriptValueCodec.Encode(value))));
        _ = value.ToString();
        if (value.Depth < 10) System.Text.Json.JsonDocument.Parse(value.ToJsonString()).Dispose();
    }

    private static byte[] Mutate(Random random, byte[] seed)
    {
        byte[] frame = [.. seed];
        for (int changes = random.Next(1, 5); changes > 0 && frame.Length > 0; changes--)
        {
            int at = random.Next(frame.Length);
            switch (random.Next(6))
            {
                case 0:
                    frame[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    frame[at] = (byte)random.Next(256);
                    break;
                case 2:
                    frame[at] = (byte)random.Next(0xc0, 0xe0);
                    break;
                case 3:
                    frame = frame[..at];
                    break;
                case 4:
                    int length = random.Next(Math.Min(8, frame.Length - at) + 1);
                    frame = [.. frame[..at], .. frame[(at + length)..]];
                    break;
                default:
                    byte[] inserted = new byte[random.Next(1, 9)];
                    random.NextBytes(inserted);
                    frame = [.. frame[..at], .. inserted, .. frame[at..]];
                    break;
            }
        }

        return frame;
    }
}
