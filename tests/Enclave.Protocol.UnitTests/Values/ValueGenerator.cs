using System.Numerics;

namespace Enclave.Protocol.Tests.Values;

/// <summary>Random values of every kind, with frequent edge cases: integer limits, lone surrogates, -0, NaN, huge BigInts, distant dates.</summary>
internal sealed class ValueGenerator(Random random)
{
    private static readonly long[] Edges =
    [
        0, 15, 16, 31, 32, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MaxValue + 1L, uint.MaxValue, uint.MaxValue + 1L,
        ProtocolLimits.MaxSafeInteger, ProtocolLimits.MaxSafeInteger + 1, long.MaxValue,
    ];

    private static readonly double[] OddNumbers =
    [
        -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 1.5, 1e21, 9007199254740993.0, 1e-7, (double)1.1f,
    ];

    private static readonly int[] Lengths = [0, 1, 2, 15, 16, 31, 32, 33, 255, 256];

    public static IEnumerable<ScriptValue> Many(int seed, int count)
    {
        var generator = new ValueGenerator(new Random(seed));
        for (int i = 0; i < count; i++) yield return generator.Next(depth: 0);
    }

    public ScriptValue Next(int depth) => random.Next(depth < 5 ? 14 : 10) switch
    {
        0 => random.Next(2) == 0 ? ScriptValue.Undefined : ScriptValue.Null,
        1 => ScriptValue.OfBoolean(random.Next(2) == 0),
        2 or 3 => ScriptValue.OfInteger(Integer()),
        4 => ScriptValue.OfNumber(Double()),
        5 => ScriptValue.OfBigInt(BigInt()),
        6 or 7 => ScriptValue.OfString(Text()),
        8 => ScriptValue.OfBytes(Bytes(Length())),
        9 => ScriptValue.OfDate(Date()),
        10 or 11 => Array(depth),
        _ => Object(depth),
    };

    public string Text()
    {
        int kind = random.Next(6);
        return string.Create(Length(), (random, kind), static (text, state) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = state.kind switch
                {
                    0 => (char)state.random.Next(0x80),
                    1 => (char)state.random.Next(0x800),
                    2 => (char)state.random.Next(0xD7FF),
                    3 => (char)state.random.Next(0x10000),
                    4 => i % 2 == 0 ? '\uD83D' : '\uDE00',
                    _ => (char)state.random.Next(0x20, 0x7F),
                };
            }
        });
    }

    private ScriptValue Array(int depth)
    {
        var items = new ScriptValue[random.Next(20) == 0 ? random.Next(14, 18) : random.Next(5)];
        for (int i = 0; i < items.Length; i++) items[i] = Next(depth + 1);
        return ScriptValue.OfArray(items);
    }

    private ScriptValue Object(int depth)
    {
        var properties = new Dictionary<string, object?>();
        int count = random.Next(20) == 0 ? random.Next(14, 18) : random.Next(5);
        for (int i = 0; i < count; i++) properties[random.Next(10) == 0 ? Text() : $"k{random.Next(40)}"] = Next(depth + 1);
        return ScriptValue.From(properties);
    }

    private long Integer()
    {
        if (random.Next(4) == 0) return random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        long edge = Edges[random.Next(Edges.Length)];
        return random.Next(2) == 0 ? edge : -edge - random.Next(2);
    }

    private double Double() =>
        random.Next(2) == 0 ? OddNumbers[random.Next(OddNumbers.Length)] : BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));

    private BigInteger BigInt() => random.Next(4) switch
    {
        0 => Integer(),
        1 => BigInteger.Pow(2, random.Next(1, 600)) - random.Next(3),
        _ => new BigInteger(Bytes(random.Next(1, 80))),
    };

    private long Date() => random.Next(4) switch
    {
        0 => ProtocolLimits.MaxDateMilliseconds * (random.Next(2) * 2 - 1),
        1 => random.NextInt64(-10, 10) * 1000 + random.Next(2),
        2 => (1L << 32) * 1000 + random.Next(-2, 3) * 500,
        _ => random.NextInt64(-ProtocolLimits.MaxDateMilliseconds, ProtocolLimits.MaxDateMilliseconds + 1),
    };

    private int Length() => random.Next(8) == 0 ? Lengths[random.Next(Lengths.Length)] : random.Next(12);

    private byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
