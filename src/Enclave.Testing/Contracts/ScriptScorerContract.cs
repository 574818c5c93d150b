using Enclave.Guard;

namespace Enclave.Testing;

/// <summary>
/// Tests the contract of every <see cref="IScriptScorer"/>. Derive from it, create a scorer, and call the methods from tests of any framework.
/// </summary>
/// <example>
/// <code>
/// public sealed class MyScorerTests : ScriptScorerContract
/// {
///     protected override IScriptScorer Create() => new MyScorer();
///
///     [Fact]
///     public Task It_keeps_the_contract() => VerifyAsync();
/// }
/// </code>
/// </example>
public abstract class ScriptScorerContract
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Scripts of all kinds: harmless, empty, invalid, long.</summary>
    private static readonly string[] s_scripts =
    [
        "return 1", "", "return await callTool('users:list', { limit: 10 })",
        "const all = []; for (const id of ids) { all.push(await callTool('users:get', { id })); } return all",
        "this is no program",
        string.Concat(Enumerable.Repeat("const sum = [1, 2, 3].reduce((a, b) => a + b, 0);\n", 2000)), "return 'naïve \ud83d\ude00 \ud800'",
    ];

    /// <summary>Creates the scorer. Called once for each method.</summary>
    protected abstract IScriptScorer Create();

    /// <summary>Verifies the whole contract.</summary>
    public async Task VerifyAsync()
    {
        await ScoresEveryScriptAsync().ConfigureAwait(false);
        await SaysTheSameOfTheSameScriptAsync().ConfigureAwait(false);
        await ServesManyThreadsAtOnceAsync().ConfigureAwait(false);
        await HeedsCancellationAsync().ConfigureAwait(false);
    }

    /// <summary>Returns a score, or a reason for having none; never null, and never throws.</summary>
    public async Task ScoresEveryScriptAsync()
    {
        IScriptScorer scorer = Create();
        foreach (string script in s_scripts) await ScoreAsync(scorer, script).ConfigureAwait(false);
    }

    /// <summary>Returns the same score for the same script, because scores are cached.</summary>
    public async Task SaysTheSameOfTheSameScriptAsync()
    {
        IScriptScorer scorer = Create();
        foreach (string script in s_scripts)
        {
            ScoreResult first = await ScoreAsync(scorer, script).ConfigureAwait(false), second = await ScoreAsync(scorer, script).ConfigureAwait(false);
            if (first.Score != second.Score || first.IsScored != second.IsScored)
                throw new ContractException($"{Name(script)} was scored {Words(first)}, and then {Words(second)}.");
        }
    }

    /// <summary>One instance serves all threads: a score does not depend on concurrent calls.</summary>
    public async Task ServesManyThreadsAtOnceAsync()
    {
        IScriptScorer scorer = Create();
        ScoreResult[] alone = new ScoreResult[s_scripts.Length];
        for (int i = 0; i < alone.Length; i++) alone[i] = await ScoreAsync(scorer, s_scripts[i]).ConfigureAwait(false);
        ScoreResult[] together = await Task.WhenAll(Enumerable.Range(0, alone.Length * 16)
            .Select((i) => Task.Run(() => ScoreAsync(scorer, s_scripts[i % alone.Length])))).ConfigureAwait(false);
        for (int i = 0; i < together.Length; i++)
        {
            ScoreResult expected = alone[i % alone.Length];
            if (expected.Score != together[i].Score || expected.IsScored != together[i].IsScored)
            {
                throw new ContractException($"{Name(s_scripts[i % alone.Length])} was scored {Words(expected)} alone and {Words(together[i])} beside others.");
            }
        }
    }

    /// <summary>An already cancelled token ends the work: with a result, or with <see cref="OperationCanceledException"/>.</summary>
    public async Task HeedsCancellationAsync()
    {
        IScriptScorer scorer = Create();
        try
        {
            await scorer.ScoreAsync(new ScoreRequest(s_scripts[0]), new CancellationToken(canceled: true)).AsTask().WaitAsync(s_patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The expected behaviour.
        }
        catch (TimeoutException late)
        {
            throw new ContractException($"A cancelled scorer went on for {s_patience.TotalSeconds} s.", late);
        }
    }

    private static async Task<ScoreResult> ScoreAsync(IScriptScorer scorer, string script)
    {
        try
        {
            ScoreResult? result = await scorer.ScoreAsync(new ScoreRequest(script, ["users:list", "users:get"]), CancellationToken.None)
                .AsTask().WaitAsync(s_patience).ConfigureAwait(false);
            return result ?? throw new ContractException($"{Name(script)} was answered with null.");
        }
        catch (Exception fault) when (fault is not ContractException)
        {
            throw new ContractException($"{Name(script)} made the scorer throw {fault.GetType().Name}: {fault.Message}", fault);
        }
    }

    private static string Name(string script) => script.Length <= 40 ? $"\"{script}\"" : $"\"{script[..40]}…\" of {script.Length} characters";

    private static string Words(ScoreResult result) => result.IsScored ? $"{result.Score}" : "not at all";
}
