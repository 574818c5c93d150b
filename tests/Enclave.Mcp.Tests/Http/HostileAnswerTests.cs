using System.Security.Cryptography;
using System.Text.Json;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Http;

/// <summary>Answers to questions that somebody forged, stole, kept or repeated: nothing runs twice, or for another caller.</summary>
public sealed class HostileAnswerTests : IDisposable
{
    private const string Pays = "return await callTool('orders:pay', { id: 7 })";

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-answers-").FullName;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Forged_cut_and_foreign_states_are_refused_and_the_right_one_still_counts()
    {
        await using McpApp one = await ServerAsync(), other = await ServerAsync(), stranger = await ServerAsync((durable) => durable.Keys = [new byte[32]]);
        var call = new StatelessCall(Pays) { Token = McpApp.AnnsToken };
        (string state, string[] calls) = await call.QuestionsAsync(one);
        StatelessCall answer = call with { State = state, Answers = StatelessCall.Yes(calls) };

        for (int at = 0; at < state.Length; at += 7)
            await RefusedAsync(other, answer with { State = $"{state[..at]}{(state[at] == 'A' ? 'B' : 'A')}{state[(at + 1)..]}" });
        foreach (int length in new[] { 0, 1, 15, 16, 21, 22, 60, state.Length - 1 }) await RefusedAsync(other, answer with { State = state[..length] });
        await RefusedAsync(other, answer with { State = state + state });
        await RefusedAsync(other, answer with { State = new string('A', 1_000_000) });
        await RefusedAsync(other, answer with { State = "{\"Run\":\"x\"}" });
        await RefusedAsync(other, answer with { Token = McpApp.BobsToken });
        await RefusedAsync(other, answer with { Token = McpApp.OtherTenantsToken });
        await RefusedAsync(other, answer with { Code = Pays + ";" });
        await RefusedAsync(stranger, answer);

        Assert.Equal(0, one.Paid + other.Paid + stranger.Paid);
        Assert.Equal("{\"value\":\"paid 7\"}", await answer.ValueAsync(other));
    }

    [Fact]
    public async Task A_repeated_answer_is_refused_also_while_the_first_one_goes_on_or_asks_more()
    {
        await using McpApp one = await ServerAsync(), other = await ServerAsync();
        var call = new StatelessCall("return [await callTool('orders:pay', { id: 1 }), await callTool('orders:pay', { id: 2 })]") { Token = McpApp.AnnsToken };
        (string state, string[] calls) = await call.QuestionsAsync(one);
        StatelessCall first = call with { State = state, Answers = StatelessCall.Yes(calls) };

        (string next, string[] more) = await first.QuestionsAsync(other);
        await RefusedAsync(one, first);
        await RefusedAsync(other, first with { Answers = StatelessCall.Yes([.. calls, .. more]) });
        StatelessCall second = call with { State = next, Answers = StatelessCall.Yes(more) };
        string value = await second.ValueAsync(one);
        await RefusedAsync(one, second);
        await RefusedAsync(other, second);

        Assert.Equal("{\"value\":[\"paid 1\",\"paid 2\"]}", value);
        Assert.Equal(2, one.Paid + other.Paid);
    }

    [Fact]
    public async Task Of_answers_at_the_same_time_one_counts()
    {
        await using McpApp one = await ServerAsync(), other = await ServerAsync();
        var call = new StatelessCall(Pays) { Token = McpApp.AnnsToken };
        for (int round = 1; round <= TestSize.Of(3, 50); round++)
        {
            (string state, string[] calls) = await call.QuestionsAsync(one);
            StatelessCall answer = call with { State = state, Answers = StatelessCall.Yes(calls) };

            string[] values = await Task.WhenAll(Enumerable.Range(0, 8).Select((at) => answer.ValueAsync(at % 2 == 0 ? one : other)));

            Assert.Single(values, "{\"value\":\"paid 7\"}");
            Assert.Equal(7, values.Count((value) => value.Contains("-32602", StringComparison.Ordinal)));
            Assert.Equal(round, one.Paid + other.Paid);
        }
    }

    [Fact]
    public async Task A_late_answer_is_refused_and_the_run_is_removed_without_going_on()
    {
        var clock = new ManualClock();
        var north = new RunQuery { Tenant = "north" };
        await using McpApp app = await ServerAsync(clock: clock);
        var call = new StatelessCall(Pays) { Token = McpApp.AnnsToken };
        (string state, string[] calls) = await call.QuestionsAsync(app);

        Assert.Single(await app.Enclave.Runs.ListAsync(north, Token));
        clock.Advance(TimeSpan.FromMinutes(5));
        await Within.Becomes(
            () => app.Enclave.Runs.ListAsync(north, Token).GetAwaiter().GetResult().Count == 0, "the run is removed when its time is over");
        await RefusedAsync(app, call with { State = state, Answers = StatelessCall.Yes(calls) });

        Assert.Equal(0, app.Paid);
    }

    [Fact]
    public async Task Callers_cannot_name_their_runs_like_those_of_questions()
    {
        await using McpApp app = await ServerAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => app.Enclave.StartAsync("return 1", new RunOptions { Durable = "enclave:question:1" }, Token));
    }

    [Fact]
    public async Task A_tenant_with_too_many_questions_is_told_and_others_go_on()
    {
        await using McpApp app = await ServerAsync((durable) => durable.MaxRunsPerTenant = 2);
        var ann = new StatelessCall(Pays) { Token = McpApp.AnnsToken };
        await ann.QuestionsAsync(app);
        await ann.QuestionsAsync(app);

        string full = await ann.ValueAsync(app);

        Assert.Contains("MaxRunsPerTenant", full, StringComparison.Ordinal);
        await (ann with { Token = McpApp.BobsToken }).QuestionsAsync(app);
    }

    private static async Task RefusedAsync(McpApp app, StatelessCall call)
    {
        JsonElement answer = await call.AskAsync(app);
        Assert.True(answer.TryGetProperty("error", out JsonElement error), answer.GetRawText());
        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
    }

    private Task<McpApp> ServerAsync(Action<DurableOptions>? change = null, ManualClock? clock = null) => McpApp.StartAsync(
        clock: clock,
        hasTokens: true,
        host: (options) =>
        {
            options.Durable = new DurableOptions { Store = RunStore.InFolder(_folder), Keys = [_key] };
            if (clock is not null) options.TimeProvider = clock;
            change?.Invoke(options.Durable!);
        });
}
