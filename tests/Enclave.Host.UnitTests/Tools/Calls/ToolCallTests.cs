using System.Text.Json;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Host.Tests.Models;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>Calls that do not fit the declared tools are found before the run, with their place and with what to write.</summary>
public sealed class ToolCallTests
{
    [Theory]
    // Names.
    [InlineData("return await callTool('order:list', { limit: 3 })", "error UNKNOWN_TOOL 1:22", "did you mean orders:list?")]
    [InlineData("const t = 'users:gte';\nreturn await callTool(t, { id: 1 })", "error UNKNOWN_TOOL 2:22", "did you mean users:get?")]
    [InlineData("return await tools.users.gte({ id: 1 })", "error UNKNOWN_TOOL 1:13", "did you mean users:get?")]
    [InlineData("try { await callTool('zzz', {}) } catch (e) { }", "warning UNKNOWN_TOOL 1:21", "exact name")]
    // Arguments.
    [InlineData("return await callTool('orders:list', { limit: '3' })", "error TOOL_ARGUMENTS 1:46", "$.limit is \"3\"; expected an integer")]
    [InlineData("return await tools.orders.list({ limit: 2.5 })", "error TOOL_ARGUMENTS 1:40", "expected an integer")]
    [InlineData("return await callTool('orders:list', {})", "error TOOL_ARGUMENTS 1:37", "$.limit is missing")]
    [InlineData("return await callTool('orders:list')", "error TOOL_ARGUMENTS 1:13", "$.limit is missing")]
    [InlineData("return await callTool('orders:list', { limit: 1, ofset: 2 })", "error TOOL_ARGUMENTS 1:49", "$.ofset is not known")]
    [InlineData("return await callTool('orders:list', { lmit: 1 })", "error TOOL_ARGUMENTS 1:37;error TOOL_ARGUMENTS 1:39", "Write limit.")]
    [InlineData("return await callTool('orders:list', 3)", "error TOOL_ARGUMENTS 1:37", "as one object")]
    [InlineData("const n = '3';\nreturn await callTool('orders:list', { limit: n })", "error TOOL_ARGUMENTS 2:46", "expected an integer")]
    [InlineData("return await callTool('issue', { state: 'opne', labels: ['a'] })", "error TOOL_ARGUMENTS 1:40", "expected one of \"open\", \"closed\"")]
    [InlineData("return await callTool('issue', { state: 'open', labels: ['a', 7] })", "error TOOL_ARGUMENTS 1:62", "$.labels[1] is 7")]
    [InlineData("return await callTool('issue', { state: 'open', count: 101 })", "error TOOL_ARGUMENTS 1:55",
        "Give count as an integer, at most 100.")]
    [InlineData("return await callTool('issue', { state: null })", "error TOOL_ARGUMENTS 1:40", "$.state is null")]
    [InlineData("return await parallel(['1'], (id) => callTool('users:get', { id: 'x' }))", "error TOOL_ARGUMENTS 1:65", "expected an integer")]
    // The script may go on after the failure, or the call may fit after all.
    [InlineData("try { await callTool('orders:list', {}) } catch (e) { }", "warning TOOL_ARGUMENTS 1:36", "$.limit is missing")]
    [InlineData("const f = async () => callTool('orders:list', {});\ntry { await f() } catch (e) { }", "warning TOOL_ARGUMENTS 1:46", "is missing")]
    [InlineData("const o = {};\nreturn await callTool('orders:list', { limit: 1, ofset: o.x })", "warning TOOL_ARGUMENTS 2:49", "not known")]
    // Answers.
    [InlineData("const all = await callTool('orders:list', { limit: 3 });\nreturn all.map((o) => o.totl)", "warning TOOL_ANSWER_MEMBER 2:24", "Write total.")]
    [InlineData("const r = await tools.orders.list({ limit: 3 });\nreturn r.data", "warning TOOL_ANSWER_MEMBER 2:9", "It is an array itself")]
    [InlineData("const { custmer } = (await callTool('orders:list', { limit: 3 }))[0];\nreturn custmer", "warning TOOL_ANSWER_MEMBER 1:8", "customer")]
    [InlineData("for (const { totl } of await tools.orders.list({ limit: 3 })) console.log(totl)", "warning TOOL_ANSWER_MEMBER 1:13", "total")]
    [InlineData("const [u, o] = await Promise.all([tools.users.get({ id: 1 }), tools.orders.list({ limit: 1 })]);\nreturn [u.nam, o[0].id, u.name]",
        "warning TOOL_ANSWER_MEMBER 2:10", "Write name.")]
    [InlineData("const us = await parallel([1, 2], (id) => tools.users.get({ id }));\nreturn us.map((u) => u.mail)",
        "warning TOOL_ANSWER_MEMBER 2:23", "email")]
    [InlineData("const get = async (id) => await tools.users.get({ id });\nconst u = await get(1);\nreturn u.nme",
        "warning TOOL_ANSWER_MEMBER 3:9", "Write name.")]
    [InlineData("return (await tools.users.get({ id: 1 })).manager?.nme", "warning TOOL_ANSWER_MEMBER 1:51", "Write name.")]
    [InlineData("tools.users.get({ id: 1 }).then((u) => console.log(u.nme)); return 1",
        "warning TOOL_AWAIT 1:0;warning TOOL_ANSWER_MEMBER 1:53", "name")]
    [InlineData("const o = await tools.orders.list({ limit: 3 });\nfor (const x of [1]) o.forEach(async (y) => { await tools.users.get({ id: y.id }); });",
        "warning TOOL_AWAIT 2:31", "forEach does not wait")]
    [InlineData("const o = [1, 2];\nreturn o.filter(async (id) => (await tools.users.get({ id })).name === 'a')", "warning TOOL_AWAIT 2:16",
        "Promise.all(list.map")]
    [InlineData("const get = async (id) => await tools.users.get({ id });\nif (get(1)) return 1;\nreturn 2", "warning TOOL_AWAIT 2:4", "await get(…)")]
    [InlineData("const [a, b] = Promise.all([tools.users.get({ id: 1 }), tools.users.get({ id: 2 })]);\nreturn a", "warning TOOL_AWAIT 1:15",
        "const [a, b] = await Promise.all([…])")]
    [InlineData("await Promise.all([1, 2].forEach((id) => tools.users.get({ id })));", "warning TOOL_AWAIT 1:18", "Write map")]
    [InlineData("await Promise.all({ a: tools.users.get({ id: 1 }) });", "warning TOOL_AWAIT 1:18", "a list, not an object")]
    [InlineData("return await parallel(tools.users.get({ id: 1 }), tools.users.get({ id: 2 }))", "warning TOOL_AWAIT 1:22", "parallel([() => callTool")]
    [InlineData("return await [1, 2].reduce(async (sum, id) => sum + (await tools.users.get({ id })).id, 0)", "warning TOOL_AWAIT 1:27", "(await sum)")]
    [InlineData("const main = async () => { await tools.users.get({ id: 1 }); };\nmain();\nreturn 1", "warning TOOL_AWAIT 2:0", "await main(…)")]
    [InlineData("setTimeout(async () => { await tools.users.get({ id: 1 }); }, 100);\nreturn 1", "warning TOOL_AWAIT 1:0", "before this timer runs")]
    [InlineData("const h = crypto.subtle.digest('SHA-256', new Uint8Array(1));\nreturn new Uint8Array(h)", "warning TOOL_AWAIT 2:22", "crypto.subtle")]
    [InlineData("return structuredClone(tools.users.get({ id: 1 }))", "warning TOOL_AWAIT 1:23", "await")]
    [InlineData("return\n{ const a = 1; }", "warning LOST_VALUE 1:0;warning UNREACHABLE_CODE 2:0", "on one line")]
    [InlineData("return [1].map((x) => { id: x })", "warning LOST_VALUE 1:24", "(x) => ({ id: … })")]
    [InlineData("for (const x of await tools.users.get({ id: 1 })) console.log(x)", "warning TOOL_ANSWER_MEMBER 1:16", "not a list")]
    [InlineData("const u = await tools.users.get({ id: 1 });\nreturn u[0]", "warning TOOL_ANSWER_MEMBER 2:7", "not a list")]
    // Awaits.
    [InlineData("const all = callTool('orders:list', { limit: 3 });\nreturn all.length", "warning TOOL_AWAIT 2:11", "await")]
    [InlineData("for (const o of callTool('orders:list', { limit: 3 })) console.log(o)", "warning TOOL_AWAIT 1:16", "await")]
    [InlineData("const { id } = tools.users.get({ id: 1 });\nreturn id", "warning TOOL_AWAIT 1:15", "await")]
    [InlineData("const ps = [1, 2].map((id) => tools.users.get({ id }));\nreturn JSON.stringify(tools.users.get({ id: 1 }))",
        "warning TOOL_AWAIT 2:22", "await")]
    [InlineData("return { user: tools.users.get({ id: 1 }) }", "warning TOOL_AWAIT 1:15", "await")]
    [InlineData("return JSON.parse(await tools.users.get({ id: 1 })).name", "warning TOOL_ANSWER_PARSED 1:18", "Leave JSON.parse out")]
    public async Task Is_found_at_its_place(string code, string found, string words)
    {
        await using EnclaveHost host = CallBench.Open();

        ValidationResult verdict = host.Validate(code);

        Assert.Equal(found, string.Join(';', verdict.Issues.Select(Place)));
        Assert.Equal(!found.Contains("error", StringComparison.Ordinal), verdict.Valid);
        Assert.Contains(verdict.Issues, (issue) => $"{issue.Message} {issue.Hint}".Contains(words, StringComparison.Ordinal));
        Assert.All(verdict.Issues, (issue) => Assert.False(string.IsNullOrEmpty(issue.Hint)));
    }

    [Theory]
    [InlineData("const a = { limit: 3 }; return await callTool('orders:list', { ...a })")]
    [InlineData("const a = { limit: 3 }; return await callTool('orders:list', { limit: 'x', ...a })")]
    [InlineData("const a = { limit: 3 }; return await callTool('orders:list', a)")]
    [InlineData("const k = 'limit'; return await callTool('orders:list', { [k]: 3 })")]
    [InlineData("return await callTool('orders:list', { limit: '3', limit: 3 })")]
    [InlineData("return await callTool('orders:list', { limit: 3, offset: undefined })")]
    [InlineData("return await callTool('issue', { state: 'open', count: null, labels: null })")]
    [InlineData("const none = null; return await callTool('issue', { state: 'open', count: none })")]
    [InlineData("let n = 'x'; n = 3; return await callTool('orders:list', { limit: n })")]
    [InlineData("const n = 'x'; return await (async (n) => callTool('orders:list', { limit: n }))(3)")]
    [InlineData("const tools = { orders: { list: async () => [] } }; return await tools.orders.list({})")]
    [InlineData("return await callTool('mood', { mood: 'happy' })")]
    [InlineData("return await callTool('mood', { mood: 'Happy' })")]
    [InlineData("return await callTool('forms', { id: 7 })")]
    [InlineData("return await callTool('forms', { name: 'a' })")]
    [InlineData("const all = await tools.orders.list({ limit: 3 }); return all.map((o) => ({ ...o, tax: o.total * 0.2 })).map((o) => o.tax)")]
    [InlineData("const all = await tools.orders.list({ limit: 3 }); for (const o of all) o.tax = o.total; return all[0].tax")]
    [InlineData("const all = await tools.orders.list({ limit: 3 }); Object.assign(all[0], { tax: 1 }); return all[0].tax")]
    [InlineData("const u = await tools.users.get({ id: 1 }); return u.nick ?? u.name")]
    [InlineData("const u = await tools.users.get({ id: 1 }); return u.nick === undefined ? u.name : 'x'")]
    [InlineData("const { nick = 'none' } = await tools.users.get({ id: 1 }); return nick")]
    [InlineData("let u = await tools.users.get({ id: 1 }); u = { nick: 'a' }; return u.nick")]
    [InlineData("const open = await callTool('open', {}); return [open.known, open.other]")]
    [InlineData("const a = await callTool('any', {}); return a.b.c")]
    [InlineData("const p = tools.users.get({ id: 1 }), q = tools.users.get({ id: 2 }); return [(await p).name, (await q).name]")]
    [InlineData("return await Promise.all([1, 2].map((id) => tools.users.get({ id })))")]
    [InlineData("return tools.users.get({ id: 1 })")]
    [InlineData("return await tools.users.get({ id: 1 }).then((u) => u.name)")]
    [InlineData("await tools.users.get({ id: 1 }).then((u) => { console.log(u.name); }); return 1")]
    [InlineData("const load = async () => 1; let kept = null; kept ??= load(); if (kept) return await kept; return 2")]
    [InlineData("const work = async (x) => x; const all = [1, 2].map(work); return await Promise.all(all)")]
    [InlineData("const work = async (x) => x; return await Promise.all([1, 2].map(async (x) => await work(x)))")]
    [InlineData("const sum = await [1, 2].reduce(async (sum, x) => (await sum) + x, 0); return sum")]
    [InlineData("const t = setTimeout(() => { throw new Error('late'); }, 1000); await tools.users.get({ id: 1 }); clearTimeout(t); return 1")]
    [InlineData("const next = async () => 1; const start = () => { next(); }; start(); return await next()")]
    [InlineData("return [1].map((x) => { return { id: x }; })")]
    [InlineData("await new Promise((done) => { let n = 1; [1].forEach(async (id) => { await tools.users.get({ id }); if (--n === 0) done(); }); }); return 1")]
    [InlineData("if ([].length) return; const a = 1; return a")]
    [InlineData("const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(1))); return bytes.length")]
    [InlineData("await Promise.race([tools.users.get({ id: 1 }), new Promise((done) => setTimeout(done, 10))]); return 1")]
    [InlineData("const r = await Promise.allSettled([tools.users.get({ id: 1 })]); return r.map((one) => one.value.name)")]
    public async Task Nothing_is_said_where_the_text_does_not_decide(string code)
    {
        await using EnclaveHost host = CallBench.Open();

        Assert.Equal("", string.Join('\n', host.Validate(code).Issues.Select((issue) => $"{issue.Code} {issue.Message}")));
    }

    [Fact]
    public async Task The_operator_decides_how_strict_the_rules_are()
    {
        await using EnclaveHost lenient = CallBench.Open(
            new Dictionary<string, IssueSeverity?> { ["tool-arguments"] = IssueSeverity.Warning, ["tool-answers"] = null });
        await using EnclaveHost strict = CallBench.Open(new Dictionary<string, IssueSeverity?> { ["tool-answers"] = IssueSeverity.Error });
        const string Code = "const all = await tools.orders.list({ limit: '1' });\nreturn all.data";

        Assert.Equal(["warning TOOL_ARGUMENTS 1:45"], lenient.Validate(Code).Issues.Select(Place));
        Assert.Equal(["error TOOL_ARGUMENTS 1:45", "error TOOL_ANSWER_MEMBER 2:11"], strict.Validate(Code).Issues.Select(Place));
    }

    [Fact]
    public async Task A_tool_that_comes_later_is_found_later()
    {
        await using EnclaveHost host = CallBench.Open();
        const string Code = "return await callTool('later', {})";

        Assert.False(host.Validate(Code).Valid);
        Assert.True(host.Validate(Code, new RunOptions { Tools = new ToolCollection().Add("later", () => 1) }).Valid);
        Assert.False(host.Validate(Code).Valid);
    }

    [Fact]
    public async Task A_tenant_learns_nothing_of_tools_that_it_may_not_call()
    {
        await using EnclaveHost host = CallBench.Open();

        Assert.Empty(host.Validate("return await callTool('secret', { x: 1 })").Issues);
        Assert.NotEmpty(host.Validate("return await callTool('secret', { x: 1 })", new RunOptions { Tenant = "acme" }).Issues);
    }

    private static string Place(GuardIssue issue) =>
        $"{issue.Severity.ToString().ToLowerInvariant()} {issue.Code} {issue.Location!.Value.Line}:{issue.Location.Value.Column}";
}
