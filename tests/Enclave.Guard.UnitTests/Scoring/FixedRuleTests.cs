namespace Enclave.Guard.Tests.Scoring;

/// <summary>Each rule at its edges, with the scores and caps of the reference source.</summary>
public sealed class FixedRuleTests
{
    [Theory]
    [InlineData("await callTool('a', { password: 1 })", 55)]
    [InlineData("await callTool('a', { email: 1 })", 50)]
    [InlineData("await callTool('a', { iban: 1 })", 55)]
    [InlineData("await callTool('a', { _hidden: 1 })", 45)]
    [InlineData("await callTool('a', { email: 1, ssn: 1 })", 55)]
    [InlineData("await callTool('a', { email: 1, ssn: 1, phone: 1 })", 60)]
    [InlineData("await callTool('a', { email: 1, password: 1 })", 60)]
    [InlineData("await callTool('a', { user: { contact: [{ 'credit-card': 1 }] } })", 50)]
    [InlineData("await callTool('a', { fields: ['apiKeys'] })", 55)]
    [InlineData("await callTool('a', { q: `the api_key` })", 55)]
    [InlineData("await callTool('a', { body: user.userPassword })", 55)]
    [InlineData("await callTool('a', { email: user.email, x: 'email' })", 50)]
    public void Sensitive_field(string code, int score) => AssertOnly(code, "sensitive-field", "SENSITIVE_FIELD", score);

    [Theory]
    [InlineData("author")]
    [InlineData("shipping")]
    [InlineData("pinned")]
    [InlineData("tokenize")]
    [InlineData("opinion")]
    [InlineData("secretary")]
    [InlineData("riverbanks")]
    [InlineData("rerouting")]
    [InlineData("_ID")]
    [InlineData("api, then the key")]
    public void Words_that_only_contain_a_sensitive_one_say_nothing(string word)
    {
        ScoreResult result = RuleBasedScorer.Score($"await callTool('a', {{ '{word}': 1, x: '{word}' }})");
        Assert.Equal(0, result.Score);
    }

    [Theory]
    [InlineData("limit: 10000", 0)]
    [InlineData("limit: 10001", 25)]
    [InlineData("limit: 100000", 25)]
    [InlineData("limit: 100001", 35)]
    [InlineData("limit: 1000000", 35)]
    [InlineData("id: 10001", 25)]
    [InlineData("page: { pageSize: 20_000n }", 25)]
    [InlineData("limit: -20000", 0)]
    public void Excessive_limit(string argument, int score) =>
        AssertOnly($"await callTool('a', {{ {argument} }})", "excessive-limit", "EXCESSIVE_LIMIT", score);

    [Theory]
    [InlineData("limit: 1000001")]
    [InlineData("limit: Infinity")]
    [InlineData("limit: Number.MAX_SAFE_INTEGER")]
    public void A_number_above_a_million_is_both_an_excessive_limit_and_an_extreme_value(string argument)
    {
        ScoreResult result = RuleBasedScorer.Score($"await callTool('a', {{ {argument} }}); await callTool('b', {{ x: 2e6 }})");
        Assert.Equal([("excessive-limit", 50), ("extreme-value", 30)], result.Signals.Select((signal) => (signal.Name, signal.Score)));
        Assert.Equal(80, result.Score);
        Assert.Equal(RiskLevel.Critical, result.RiskLevel);
    }

    [Theory]
    [InlineData("await callTool('a', { q: '*' })", 20)]
    [InlineData("await callTool('a', { q: ['**'] })", 20)]
    [InlineData("await callTool('a', { q: '%' })", 20)]
    [InlineData("await callTool('a', { q: 'a*' })", 0)]
    [InlineData("await callTool('users:search')", 20)]
    [InlineData("await callTool('findUsers', {})", 20)]
    [InlineData("const none = {}; await callTool('filter', none)", 20)]
    [InlineData("await callTool('findUsers', args)", 0)]
    [InlineData("await callTool('research', {})", 0)]
    [InlineData("await callTool('a', {})", 0)]
    public void Wildcard_query(string code, int score) => AssertOnly(code, "wildcard-query", "WILDCARD_QUERY", score);

    [Theory]
    [InlineData("for (const x of xs) await callTool('a', x)", 25)]
    [InlineData("for (const x of xs) { callTool('a', x); callTool('a', x) }", 25)]
    [InlineData("for (const x of xs) { callTool('a', x); callTool('b', x) }", 50)]
    [InlineData("for (const x of xs) { callTool('a', x); callTool('b', x); callTool('c', x) }", 50)]
    [InlineData("for (const x of xs) for (const y of x) callTool('a', y)", 35)]
    [InlineData("for (const x of xs) for (const y of x) for (const z of y) for (const u of z) callTool('a', u)", 50)]
    [InlineData("const xs = await callTool('a', 1); for (const x of xs) callTool('b', x)", 40)]
    [InlineData("for (const x of await callTool('a', 1)) y += x", 0)]
    public void Loop_tool_call(string code, int score) => AssertOnly(code, "loop-tool-call", "LOOP_TOOL_CALL", score);

    [Theory]
    [InlineData("users:list", "mail:send", 50)]
    [InlineData("getUser", "emailUser", 50)]
    [InlineData("db.query", "webhook", 50)]
    [InlineData("read_file", "upload_file", 50)]
    [InlineData("dump", "post", 50)]
    [InlineData("fetchUsers", "notify", 50)]
    [InlineData("list", "export", 50)]
    [InlineData("budget", "sender", 0)]
    [InlineData("dump", "email", 0)]
    [InlineData("mail:send", "users:list", 0)]
    [InlineData("users:fetch", "emails:archive", 0)]
    [InlineData("readThread", "posts", 0)]
    public void List_send_pattern(string first, string second, int score) =>
        AssertOnly($"const x = await callTool('{first}', {{ a: 1 }}); await callTool('{second}', {{ x }})", "list-send-pattern", "EXFIL_PATTERN", score);

    [Fact]
    public void The_list_that_stands_in_the_arguments_of_the_send_comes_first() =>
        AssertOnly("await callTool('mail:send', { x: await callTool('users:list', { a: 1 }) })", "list-send-pattern", "EXFIL_PATTERN", 50);

    [Fact]
    public void A_tool_in_between_ends_the_pattern() =>
        AssertOnly("await callTool('list', 1); await callTool('sum', 1); await callTool('send', 1)", "list-send-pattern", "EXFIL_PATTERN", 0);

    [Theory]
    [InlineData("callTool(name)", 20)]
    [InlineData("callTool('a' + b)", 20)]
    [InlineData("callTool(a); callTool(b)", 40)]
    [InlineData("callTool(a); callTool(b); callTool(c)", 40)]
    [InlineData("callTool(...rest)", 20)]
    [InlineData("const name = 'a'; callTool(name)", 0)]
    [InlineData("callTool(`a`)", 0)]
    public void Dynamic_tool(string code, int score) => AssertOnly(code, "dynamic-tool", "DYNAMIC_TOOL", score);

    [Theory]
    [InlineData("callTool('users:bulkDelete')", 15)]
    [InlineData("callTool('deleteAll'); callTool('deleteAll')", 30)]
    [InlineData("callTool('mass-mail'); callTool('multi_get'); callTool('batch')", 30)]
    [InlineData("callTool('callback'); callTool('small'); callTool('massage')", 0)]
    public void Bulk_operation(string code, int score) => AssertOnly(code, "bulk-operation", "BULK_OPERATION", score);

    [Fact]
    public void The_score_never_exceeds_100_and_signals_come_highest_first()
    {
        ScoreResult result = RuleBasedScorer.Score("""
            const users = await callTool('users:listAll', { limit: 5_000_000, fields: ['password', '*'] });
            for (const user of users) { await callTool('mail:send', user); await callTool(user.tool, user) }
            """);
        Assert.Equal(100, result.Score);
        Assert.Equal(
            ["sensitive-field", "excessive-limit", "loop-tool-call", "list-send-pattern", "extreme-value", "wildcard-query", "dynamic-tool", "bulk-operation"],
            result.Signals.OrderBy((signal) => -signal.Score).Select((signal) => signal.Name).OrderBy((name) => Array.IndexOf(s_order, name)));
        Assert.Equal(result.Signals.Select((signal) => signal.Score).OrderDescending(), result.Signals.Select((signal) => signal.Score));
        Assert.Equal(2, result.Signals.Single((signal) => signal.Name == "list-send-pattern").Location!.Value.Line);
    }

    [Fact]
    public void A_script_that_does_not_parse_has_no_score_rather_than_0()
    {
        ScoreResult result = RuleBasedScorer.Score("callTool(");
        Assert.False(result.IsScored);
        Assert.Contains("not a program", result.Reason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_of_ones_own_count()
    {
        var scorer = new RuleBasedScorer((features) => features.ToolSequence.Contains("payments:refund") ? new ScoreSignal("refund", 45, "Refunds") : null);
        ScoreResult result = await scorer.ScoreAsync(new ScoreRequest("await callTool('payments:refund', { n: 1 })"), TestContext.Current.CancellationToken);
        ScoreSignal signal = Assert.Single(result.Signals);
        Assert.Equal(("refund", "REFUND", 45, SignalLevel.High), (signal.Name, signal.Id, signal.Score, signal.Level));
        Assert.Equal(45, result.Score);
    }

    private static readonly string[] s_order =
        ["sensitive-field", "excessive-limit", "loop-tool-call", "list-send-pattern", "extreme-value", "wildcard-query", "dynamic-tool", "bulk-operation"];

    private static void AssertOnly(string code, string name, string id, int score)
    {
        ScoreResult result = RuleBasedScorer.Score(code);
        Assert.True(result.IsScored, result.Reason);
        ScoreSignal? signal = result.Signals.SingleOrDefault((signal) => signal.Name == name);
        Assert.Equal(score, signal?.Score ?? 0);
        if (signal is null) return;
        Assert.Equal(id, signal.Id);
        Assert.NotNull(signal.Location);
    }
}
