using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Texts and values that cost much to read for their size. Runs alone, because it counts this process's processor time.</summary>
[Collection(Alone.Name)]
public sealed class InputTests
{
    /// <summary>Ten times the allowed 100 ms per megabyte.</summary>
    private static readonly TimeSpan s_perMegabyte = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("[")]
    [InlineData("(")]
    [InlineData("{")]
    [InlineData("[[],")]
    [InlineData("a=>")]
    [InlineData("`${")]
    [InlineData("/*")]
    [InlineData("<!--")]
    [InlineData("\\u{41}")]
    [InlineData("/[")]
    [InlineData("x?")]
    [InlineData("async(")]
    [InlineData("\n")]
    public async Task R11_A_bomb_in_the_source_is_refused_for_little(string piece)
    {
        const int Megabytes = 10;
        string bomb = string.Concat(Enumerable.Repeat(piece, Megabytes * 1_000_000 / piece.Length)) + "\n)";
        foreach (bool judged in (bool[])[true, false])
        {
            await using var host = new EnclaveHost(new EnclaveOptions { Validate = judged });
            TimeSpan before = Used();

            ExecutionResult result = await Within.Deadline(host.RunAsync(bomb), $"verdict on {piece}");

            AssertCheap(Used() - before, Megabytes, piece);
            Assert.Equal(ErrorCode.ValidationError, result.Error?.Code);
            Assert.Equal(0, result.Stats.WorkerId);
        }
    }

    [Fact]
    public async Task R11_Values_that_are_too_deep_or_too_large_are_refused_before_a_worker_sees_them()
    {
        object deep = Array.Empty<object>();
        for (int i = 0; i < 100_000; i++) deep = new[] { deep };
        await using var host = new EnclaveHost(new EnclaveOptions());

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => host.RunAsync("return 1", new RunOptions { Globals = new Dictionary<string, object?> { ["deep"] = deep } }));
        ExecutionResult large = await host.RunAsync(
            "return 1", new RunOptions { Globals = new Dictionary<string, object?> { ["large"] = new string('x', 20 << 20) } });

        Assert.Equal(ErrorCode.ValidationError, large.Error?.Code);
        Assert.Equal(0, large.Stats.WorkerId);
    }

    [Fact]
    public async Task R11_A_map_of_colliding_keys_costs_no_more_than_another()
    {
        // Keys with equal hashes under one of two hash functions: .NET's before it notices, and V8's, which uses short numbers as their own hash.
        const int Count = 50_000;
        string[] colliding = CollidingKeys(Count), ordinary = [.. Enumerable.Range(0, Count).Select((i) => $"k{i:x8}{i:x8}")],
            numbers = [.. Enumerable.Range(0, Count).Select((i) => $"{(long)i << 16}")];
        foreach (string[] keys in (string[][])[ordinary, colliding, numbers])
        {
            var globals = new Dictionary<string, object?> { ["data"] = keys.ToDictionary((key) => key, (_) => (object?)1) };
            await using var host = new EnclaveHost(new EnclaveOptions { MemoryLimit = 128 << 20 });
            TimeSpan before = Used();

            ExecutionResult result = await Within.Deadline(host.RunAsync("return Object.keys(data).length", new RunOptions { Globals = globals }), "answer");

            AssertCheap(Used() - before, 1, keys[0]);
            Assert.True(result.Success, result.Error?.Message);
            Assert.Equal(Count, result.Value.AsInt32());
            Assert.True(result.Stats.CpuTime < s_perMegabyte, $"{result.Stats.CpuTime} in the worker");
        }
    }

    /// <summary>
    /// Strings with equal hashes under .NET's hash without a seed: h = (rotl(h, 5) + h) ^ two characters, alternating between two lanes. A pair (a, b) of words
    /// of one lane and another pair (a', b') collide if b' = b ^ f(a) ^ f(a'). There are arbitrarily many.
    /// </summary>
    private static string[] CollidingKeys(int count)
    {
        var keys = new List<string>(count);
        const uint Seed = (5381 << 16) + 5381;
        uint target = Step(Step(Seed, Word('a', 'a')), Word('b', 'b'));
        for (uint i = 0; keys.Count < count; i++)
        {
            // The other lane is the same in all.
            uint first = Word((char)('A' + (i % 26)), (char)(0x100 + (i / 26))), second = Step(Step(Seed, first), 0) ^ target;
            char low = (char)(second & 0xffff), high = (char)(second >> 16);
            if (char.IsSurrogate(low) || char.IsSurrogate(high) || low == 0 || high == 0) continue;
            keys.Add(string.Create(8, (first, second), static (span, words) =>
            {
                span[0] = (char)(words.first & 0xffff);
                span[1] = (char)(words.first >> 16);
                span[2] = span[3] = span[6] = span[7] = 'z';
                span[4] = (char)(words.second & 0xffff);
                span[5] = (char)(words.second >> 16);
            }));
        }

        return [.. keys];

        static uint Step(uint hash, uint word) => (uint.RotateLeft(hash, 5) + hash) ^ word;
        static uint Word(char low, char high) => low | ((uint)high << 16);
    }

    private static void AssertCheap(TimeSpan used, int megabytes, string what) =>
        Assert.True(used < s_perMegabyte * megabytes, $"{what}: {used.TotalMilliseconds:0} ms of processor time for {megabytes} MB");

    private static TimeSpan Used()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }
}
