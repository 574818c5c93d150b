using Enclave.Guard;

namespace Enclave.Testing.Tests;

public sealed class ScriptScorerContractTests : ScriptScorerContract
{
    private Func<ScoreRequest, ScoreResult?> _score = (request) => RuleBasedScorer.Score(request.Code);

    [Fact]
    public Task The_documented_scorer_keeps_it() => VerifyAsync();

    [Fact]
    public async Task One_that_throws_does_not()
    {
        _score = (request) => request.Code.Length == 0 ? throw new InvalidOperationException("nothing to score") : new ScoreResult(1, []);

        Assert.Contains("nothing to score", (await Assert.ThrowsAsync<ContractException>(VerifyAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_counts_does_not()
    {
        int calls = 0;
        _score = (_) => new ScoreResult(Interlocked.Increment(ref calls) % 100, []);

        Assert.Contains("was scored", (await Assert.ThrowsAsync<ContractException>(VerifyAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_answers_nothing_does_not()
    {
        _score = (_) => null;

        Assert.Contains("null", (await Assert.ThrowsAsync<ContractException>(VerifyAsync)).Message, StringComparison.Ordinal);
    }

    protected override IScriptScorer Create() => new Scorer(_score);

    private sealed class Scorer(Func<ScoreRequest, ScoreResult?> score) : IScriptScorer
    {
        public ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) => new(score(request)!);
    }
}
