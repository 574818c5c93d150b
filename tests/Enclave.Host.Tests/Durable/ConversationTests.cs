using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>What scripts of one conversation keep for each other, in every store.</summary>
public abstract class ConversationTests : DurableHosts
{
    private static RunOptions Of(string conversation, string? tenant = null) => new() { Conversation = conversation, Tenant = tenant };

    private static async Task<string> Json(EnclaveHost host, string code, RunOptions? run)
    {
        ExecutionResult result = await host.RunAsync(code, run, Token);
        Assert.True(result.Success, $"{result.Error}");
        return result.Value.ToJsonString();
    }

    [Fact]
    public async Task A_later_run_of_the_conversation_loads_what_an_earlier_one_stored_at_any_host()
    {
        EnclaveHost first = Host(), second = Host();

        await Json(
            first,
            "await store('rows', [{ id: 1, at: new Date(5) }]); await store('bytes', new Uint8Array([1, 2])); await store('n', 10n ** 20n);",
            Of("a"));

        Assert.Equal(
            """[1,5,true,"100000000000000000000",true]""",
            await Json(
                second,
                """
                const [row] = await load('rows');
                const bytes = await load('bytes');
                return [row.id, row.at.getTime(), bytes instanceof Uint8Array && bytes[1] === 2, `${await load('n')}`, await load('other') === undefined];
                """,
                Of("a")));
    }

    [Fact]
    public async Task Other_conversations_and_tenants_and_runs_without_one_have_nothing_of_it()
    {
        EnclaveHost host = Host();
        await Json(host, "await store('secret', 1)", Of("a", "acme"));
        const string Code = "return (await load('secret')) ?? null";

        Assert.Equal("1", await Json(host, Code, Of("a", "acme")));
        Assert.Equal("null", await Json(host, Code, Of("b", "acme")));
        Assert.Equal("null", await Json(host, Code, Of("a", "other")));
        Assert.Equal("null", await Json(host, Code, Of("a")));
        ExecutionResult none = await host.RunAsync(Code, new RunOptions { Tenant = "acme" }, Token);
        Assert.Equal(ErrorCode.ValidationError, none.Error!.Code);
        Assert.Equal(
            "\"CONVERSATION_UNAVAILABLE\"",
            await Json(host, "try { await callTool('enclave:load', { key: 'secret' }) } catch (e) { return e.code }", new RunOptions { Tenant = "acme" }));
    }

    [Fact]
    public async Task What_a_failed_run_stored_is_kept_like_the_effects_of_its_other_calls()
    {
        EnclaveHost host = Host();

        ExecutionResult failed = await host.RunAsync("await store('found', 7); throw new Error('late')", Of("a"), Token);

        Assert.False(failed.Success);
        Assert.Equal("7", await Json(host, "return await load('found')", Of("a")));
        Assert.Equal("null", await Json(host, "await store('found', undefined); return (await load('found')) ?? null", Of("a")));
    }

    [Theory]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("../../etc/passwd")]
    [InlineData("a\0b")]
    [InlineData("'; DROP TABLE enclave.run; --")]
    [InlineData("😀")]
    public async Task A_key_is_data_whatever_it_is_called(string key)
    {
        EnclaveHost host = Host();
        RunOptions run = Of("a") with { Globals = new Dictionary<string, object?> { ["key"] = key } };

        await Json(host, "await store(key, { a: 2 })", run);

        Assert.Equal("2", await Json(host, "return (await load(key)).a", run));
        Assert.Equal("null", await Json(host, "return (await load('a')) ?? null", Of("a")));
    }

    [Theory]
    [InlineData("store('', 1)")]
    [InlineData("store(1, 1)")]
    [InlineData("store({}, 1)")]
    [InlineData("store('\\ud800', 1)")]
    [InlineData("store('x'.repeat(201), 1)")]
    [InlineData("load()")]
    public async Task Other_keys_are_refused(string call) => Assert.Equal(
        "\"TOOL_INVALID_ARGUMENTS\"", await Json(Host(), $"try {{ await {call} }} catch (e) {{ return e.code }}", Of("a")));

    [Fact]
    public async Task A_full_conversation_refuses_and_keeps_what_it_has()
    {
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxConversationBytes = 2_000);

        Assert.Equal(
            """["CONVERSATION_FULL",1,true]""",
            await Json(
                host,
                """
                await store('small', 1);
                let code = null;
                try { await store('large', 'x'.repeat(2000)) } catch (e) { code = e.code }
                return [code, await load('small'), await load('large') === undefined];
                """,
                Of("a")));
    }

    [Fact]
    public async Task Conversations_count_as_runs_of_their_tenant()
    {
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxRunsPerTenant = 2);
        const string Code = "try { await store('a', 1); return 'kept' } catch (e) { return e.code }";

        Assert.Equal("\"kept\"", await Json(host, Code, Of("1", "acme")));
        Assert.Equal("\"kept\"", await Json(host, Code, Of("2", "acme")));
        Assert.Equal("\"CONVERSATION_FULL\"", await Json(host, Code, Of("3", "acme")));
        Assert.Equal("\"kept\"", await Json(host, Code, Of("3", "other")));
        Assert.True(await host.Runs.DeleteConversationAsync("2", "acme", Token));
        Assert.False(await host.Runs.DeleteConversationAsync("2", "acme", Token));
        Assert.Equal("\"kept\"", await Json(host, Code, Of("3", "acme")));
        Assert.Empty(await host.Runs.ListAsync(new RunQuery { AllTenants = true }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => host.StartAsync("return 1", Named("enclave:conversation:1"), Token));
    }

    [Fact]
    public async Task Eight_runs_at_once_at_two_hosts_lose_no_value()
    {
        EnclaveHost[] hosts = [Host(), Host()];

        await Task.WhenAll(Enumerable.Range(0, 8).Select((i) => Json(hosts[i % 2], $"await store('k{i}', {i})", Of("a"))));

        Assert.Equal("[0,1,2,3,4,5,6,7]", await Json(
            hosts[0], "const all = []; for (let i = 0; i < 8; i++) all.push(await load(`k${i}`)); return all", Of("a")));
    }

    [Fact]
    public async Task A_durable_run_stores_once_and_has_its_conversation_at_another_host()
    {
        EnclaveHost first = Host(), second = Host();

        DurableRun waiting = await first.StartAsync(
            "await store('n', ((await load('n')) ?? 0) + 1); await waitFor('go'); return await load('n')", Named("job") with { Conversation = "a" }, Token);
        Assert.True(waiting.State == DurableRunState.Suspended, $"{waiting.Result?.Error}");
        await second.AnswerAsync(Assert.Single(waiting.Waits).Token, null, Token);
        DurableRun ended = await second.ResumeAsync("job", cancellationToken: Token);

        Assert.True(ended.Result?.Success, $"{ended.Result?.Error}");
        Assert.Equal(1, ended.Result!.Value.AsInt32());
        Assert.Equal("job", Assert.Single(await first.Runs.ListAsync(cancellationToken: Token)).Name);
    }

    [Fact]
    public async Task A_recording_has_what_was_loaded_and_its_replay_touches_nothing()
    {
        EnclaveHost host = Host();
        await Json(host, "await store('n', 1)", Of("a"));
        ExecutionResult recorded = await host.RunAsync(
            "const n = await load('n'); await store('n', n + 1); return n", Of("a") with { Record = true }, Token);

        ReplayReport replay = await host.ReplayAsync(ExecutionRecording.Parse(recorded.Recording!.ToJsonString()), Token);

        Assert.Null(replay.Difference);
        Assert.Equal(1, replay.Result.Value.AsInt32());
        Assert.Equal("2", await Json(host, "return await load('n')", Of("a")));
    }

    [Fact]
    public async Task Calls_count_against_the_limit_of_tool_calls()
    {
        ExecutionResult result = await Host().RunAsync("for (let i = 0; i < 9; i++) await load('a')", Of("a") with { MaxToolCalls = 3 }, Token);

        Assert.Equal(ErrorCode.MaxToolCalls, result.Error!.Code);
        Assert.Equal(3, result.Stats.ToolCallCount);
    }
}
