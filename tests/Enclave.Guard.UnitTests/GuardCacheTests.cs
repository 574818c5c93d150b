using Enclave.Guard.Options;

namespace Enclave.Guard.Tests;

public sealed class GuardCacheTests
{
    private static readonly object s_policy = new();

    [Fact]
    public void The_verdict_that_was_used_longest_ago_is_forgotten_first()
    {
        ValidationResult verdict = Verdict("return 1");
        var cache = new GuardCache(verdict.Script!.Bytes * 10);
        GuardCache.Key[] keys = [.. Enumerable.Range(0, 11).Select((i) => GuardCache.Key.Of($"{i}", s_policy, null))];
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
        ValidationResult large = Verdict("return '" + new string('x', 9_000) + "'");
        var cache = new GuardCache(large.Script!.Bytes * 2);

        cache.Add(GuardCache.Key.Of("a", s_policy, null), large);

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Warnings_count_with_their_script()
    {
        ValidationResult verdict = Verdict("return 1");
        var issue = new GuardIssue("r", "C", new string('x', 1_000), IssueSeverity.Warning) { Hint = new string('x', 1_000) };
        var cache = new GuardCache(verdict.Script!.Bytes * 100);

        cache.Add(GuardCache.Key.Of("a", s_policy, null), verdict with { Issues = [.. Enumerable.Repeat(issue, 100)] });

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Another_text_or_another_policy_is_another_key()
    {
        Assert.Equal(GuardCache.Key.Of("a", s_policy, null), GuardCache.Key.Of("a", s_policy, null));
        Assert.NotEqual(GuardCache.Key.Of("a", s_policy, null), GuardCache.Key.Of("b", s_policy, null));
        Assert.NotEqual(GuardCache.Key.Of("a", s_policy, null), GuardCache.Key.Of("a", new object(), null));
    }

    [Fact]
    public void No_tenant_finds_what_another_one_put_there()
    {
        ValidationResult verdict = Verdict("return 1");
        var cache = new GuardCache(verdict.Script!.Bytes * 10);
        cache.Add(GuardCache.Key.Of("a", s_policy, "one"), verdict);

        Assert.True(cache.TryGet(GuardCache.Key.Of("a", s_policy, "one"), out _));
        Assert.False(cache.TryGet(GuardCache.Key.Of("a", s_policy, "two"), out _));
        Assert.False(cache.TryGet(GuardCache.Key.Of("a", s_policy, null), out _));
    }

    [Fact]
    public void A_tenant_with_many_scripts_pushes_out_its_own()
    {
        ValidationResult verdict = Verdict("return 1");
        var cache = new GuardCache(verdict.Script!.Bytes * 10);
        GuardCache.Key[] others = [.. Enumerable.Range(0, 4).Select((i) => GuardCache.Key.Of($"{i}", s_policy, $"tenant {i}"))];
        foreach (GuardCache.Key key in others) cache.Add(key, verdict);

        for (int i = 0; i < 100; i++) cache.Add(GuardCache.Key.Of($"{i}", s_policy, "many"), verdict);

        Assert.Equal(10, cache.Count);
        Assert.All(others, (key) => Assert.True(cache.TryGet(key, out _)));
        Assert.True(cache.TryGet(GuardCache.Key.Of("99", s_policy, "many"), out _));
    }

    [Fact]
    public void Many_tenants_share_what_one_has()
    {
        ValidationResult verdict = Verdict("return 1");
        var cache = new GuardCache(verdict.Script!.Bytes * 10);

        for (int i = 0; i < 1_000; i++) cache.Add(GuardCache.Key.Of("a", s_policy, $"tenant {i}"), verdict);

        Assert.Equal(10, cache.Count);
        Assert.True(cache.TryGet(GuardCache.Key.Of("a", s_policy, "tenant 999"), out _));
    }

    [Fact]
    public void The_guard_reads_a_script_for_each_tenant_that_brings_it()
    {
        var guard = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard });

        GuardedScript one = guard.Examine("return 1", [], "one").Script!;

        Assert.Same(one, guard.Examine("return 1", [], "one").Script);
        Assert.NotSame(one, guard.Examine("return 1", [], "two").Script);
        Assert.NotSame(one, guard.Examine("return 1", []).Script);
    }

    private static ValidationResult Verdict(string source) => new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard }).Examine(source, []);
}
