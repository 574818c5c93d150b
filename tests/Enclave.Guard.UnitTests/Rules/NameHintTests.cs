using Enclave.Guard.Options;

namespace Enclave.Guard.Tests.Rules;

/// <summary>The hints for names of other platforms: they show the way that exists here.</summary>
public sealed class NameHintTests
{
    private static readonly string[] s_tools = ["weather", "orders:list", "users:get"];

    [Theory]
    [InlineData("await fetch('https://a.b')", "There is no network")]
    [InlineData("const fs = require('fs')", "There are no modules")]
    [InlineData("return process.env.HOME", "no environment")]
    [InlineData("localStorage.setItem('a', 'b')", "There is no page")]
    [InlineData("await weather({ city: 'Bern' })", "await callTool('weather', { … })")]
    [InlineData("await ordersList()", "await callTool('orders:list', { … })")]
    [InlineData("await functions.weather({})", "await callTool('weather', { … })")]
    [InlineData("await codemode.weather({})", "await callTool('weather', { … })")]
    [InlineData("await mcp__orders__list({})", "await callTool('orders:list', { … })")]
    [InlineData("await mcp__github__create_issue({})", "The tools here: weather, orders:list, users:get.")]
    [InlineData("const _ = require('lodash')", "Use the methods of arrays and objects")]
    [InlineData("return new DOMParser()", "There is no page")]
    [InlineData("return z.object({})", "Check values with typeof")]
    public void At_every_level_the_hint_names_the_way_that_is_there(string code, string words)
    {
        foreach (GuardLevel level in Enum.GetValues<GuardLevel>())
        {
            GuardIssue issue = Issues(code, level)[0];
            Assert.Contains(words, issue.Hint, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("return structuredClone({ a: 1 })", nameof(GuardLevel.Strict), "Use JSON.parse(JSON.stringify(value)), or spread the object.")]
    [InlineData("return structuredClone({ a: 1 })", nameof(GuardLevel.Secure), null)]
    [InlineData("return structuredClone({ a: 1 })", nameof(GuardLevel.Standard), null)]
    [InlineData("return structuredClone({ a: 1 })", nameof(GuardLevel.Permissive), null)]
    [InlineData("return URL.canParse('https://a.b')", nameof(GuardLevel.Strict), "Use split('?') and split('&') for the parts.")]
    [InlineData("return URL.canParse('https://a.b')", nameof(GuardLevel.Secure), "Use encodeURIComponent and decodeURIComponent, and split for the parts.")]
    [InlineData("return URL.canParse('https://a.b')", nameof(GuardLevel.Standard), null)]
    [InlineData("return URL.canParse('https://a.b')", nameof(GuardLevel.Permissive), null)]
    [InlineData("return URLSearchParams", nameof(GuardLevel.Strict), "Use split('?') and split('&') for the parts.")]
    [InlineData("setTimeout(() => 1, 5)", nameof(GuardLevel.Standard), null)]
    [InlineData("return crypto.randomUUID()", nameof(GuardLevel.Standard), null)]
    [InlineData("return new AbortController()", nameof(GuardLevel.Standard), null)]
    public void A_global_of_the_higher_levels_is_there_or_has_a_hint(string code, string level, string? hint)
    {
        string?[] hints = [.. Issues(code, Enum.Parse<GuardLevel>(level)).Select((issue) => issue.Hint)];

        Assert.Equal(hint is null ? [] : [hint], hints);
    }

    [Theory]
    [InlineData("return Buffer.from('a')", "Use plain strings and arrays.", "Use btoa and atob for base64, and TextEncoder and TextDecoder for bytes.")]
    public void A_hint_names_no_global_that_the_level_does_not_have(string code, string strict, string standard)
    {
        Assert.Equal(strict, Issues(code, GuardLevel.Strict)[0].Hint);
        Assert.Equal(standard, Issues(code, GuardLevel.Standard)[0].Hint);
    }

    [Theory]
    [InlineData("setTimeout(() => 1, 5)", "There are no timers")]
    [InlineData("return crypto.randomUUID()", "Math.random()")]
    [InlineData("queueMicrotask(() => 1)", "Call the function itself.")]
    [InlineData("return new AbortController()", "There is nothing to abort")]
    public void A_global_of_the_web_has_a_hint_where_it_is_missing(string code, string words)
    {
        foreach (GuardLevel level in (GuardLevel[])[GuardLevel.Strict, GuardLevel.Secure])
            Assert.Contains(words, Issues(code, level)[0].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hint_that_points_to_the_tools_names_them()
    {
        Assert.EndsWith("The tools here: weather, orders:list, users:get.", Issues("fetch('a')", GuardLevel.Standard)[0].Hint, StringComparison.Ordinal);
        string[] many = [.. Enumerable.Range(1, 9).Select((number) => $"t{number}")];
        Assert.EndsWith("The tools here: t1, t2, t3, t4, t5 and 4 more.", Issues("fetch('a')", GuardLevel.Standard, many)[0].Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("The tools here", Issues("fetch('a')", GuardLevel.Standard, [])[0].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_runs_keeps_the_hints_for_when_it_fails()
    {
        ValidationResult verdict = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard, Preset = GuardPreset.JavaScript })
            .Examine("return fetch('a')", []);

        Assert.StartsWith("There is no network", verdict.Script!.Hints["fetch"], StringComparison.Ordinal);
    }

    private static ImmutableArray<GuardIssue> Issues(string code, GuardLevel level, string[]? tools = null) =>
        [.. new ScriptGuard(new GuardSettings { Level = level, Options = new GuardOptions { ToolNames = tools ?? s_tools } }).Validate(code, []).Issues];
}
