namespace Enclave.Guard.Tests;

public sealed class GuardCacheTests
{
    private static readonly object s_policy = new();

    [Fact]
    public void What_was_used_longest_ago_is_forgotten_first()
    {
        GuardVerdict verdict = Verdict("return 1");
        var cache = new GuardCache(verdict.Script!.Bytes * 10);
        GuardCache.Key[] keys = [.. Enumerable.Range(0, 11).Select((i) => GuardCache.Key.Of($"{i}", s_policy))];
        foreach (GuardCache.Key key in keys.Take(10)) cache.Add(key, verdict);
        Assert.True(cache.TryGet(keys[0], out _));

        cache.Add(keys[10], verdict);

        Assert.Equal(10, cache.Count);
        Assert.True(cache.TryGet(keys[0], out _));
        Assert.False(cache.TryGet(keys[1], out _));
        Assert.True(cache.TryGet(keys[10], out _));
    }

    [Fact]
    public void One_script_cannot_push_out_all_others()
    {
        GuardVerdict large = Verdict("return '" + new string('x', 9_000) + "'");
        var cache = new GuardCache(large.Script!.Bytes * 2);

        cache.Add(GuardCache.Key.Of("a", s_policy), large);

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Another_text_or_another_policy_is_another_key()
    {
        Assert.Equal(GuardCache.Key.Of("a", s_policy), GuardCache.Key.Of("a", s_policy));
        Assert.NotEqual(GuardCache.Key.Of("a", s_policy), GuardCache.Key.Of("b", s_policy));
        Assert.NotEqual(GuardCache.Key.Of("a", s_policy), GuardCache.Key.Of("a", new object()));
    }

    private static GuardVerdict Verdict(string source) => new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard }).Examine(source, []);
}
