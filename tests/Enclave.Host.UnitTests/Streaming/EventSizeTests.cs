using System.Numerics;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Host.Tests;

/// <summary>The counted size of an event is never below its encoded size, because limits are checked before it is encoded.</summary>
public sealed class EventSizeTests
{
    [Fact]
    public void No_value_is_larger_than_its_size_says()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            ScriptValue value = ScriptValue.From(Make(new Random(seed), depth: 4));

            long size = EventSize.Of(value);

            Assert.True(size >= ScriptValueCodec.Encode(value).Length, $"seed {seed}: {size} for {value.ToJsonString()}");
        }
    }

    private static object? Make(Random random, int depth) => random.Next(depth == 0 ? 8 : 10) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextDouble() * Math.Pow(10, random.Next(-300, 300)),
        3 => BigInteger.Pow(random.Next(2, 1000), random.Next(0, 200)) * (random.Next(2) == 0 ? 1 : -1),
        4 => new string((char)random.Next(1, 0xFFFF), random.Next(50)),
        5 => new byte[random.Next(200)],
        6 => DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(1L << 55)),
        7 => random.NextInt64(),
        8 => Enumerable.Range(0, random.Next(6)).Select((_) => Make(random, depth - 1)).ToArray(),
        _ => Enumerable.Range(0, random.Next(6))
            .ToDictionary((n) => new string((char)random.Next(0x100, 0xD000), random.Next(1, 20)) + n, (_) => Make(random, depth - 1)),
    };
}
