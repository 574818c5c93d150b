namespace Enclave.Guard.Tests.Scoring;

public sealed class ProgressiveTests
{
    [Theory]
    [InlineData(29, 90, ScoreCombination.Max, 29)]
    [InlineData(30, 90, ScoreCombination.Max, 90)]
    [InlineData(60, 20, ScoreCombination.Max, 60)]
    [InlineData(60, 21, ScoreCombination.Average, 41)]
    [InlineData(60, 20, ScoreCombination.Replace, 20)]
    public async Task Two_scores_become_one(int fast, int detailed, ScoreCombination combination, int expected)
    {
        var scorer = new ProgressiveScorer(Fixed(new ScoreResult(detailed, [])), Fixed(new ScoreResult(fast, []))) { Combination = combination };
        Assert.Equal(expected, (await Score(scorer)).Score);
    }

    [Fact]
    public async Task Of_two_signals_with_one_id_the_higher_stays()
    {
        var fast = new ScoreResult(50, [new ScoreSignal("a", 30, "fast"), new ScoreSignal("b", 20, "fast")]);
        var detailed = new ScoreResult(50, [new ScoreSignal("a", 10, "slow"), new ScoreSignal("b", 40, "slow")]);
        ScoreResult result = await Score(new ProgressiveScorer(Fixed(detailed), Fixed(fast)));
        Assert.Equal([("b", 40, "slow"), ("a", 30, "fast")], result.Signals.Select((signal) => (signal.Name, signal.Score, signal.Description)));
    }

    [Fact]
    public async Task If_the_detailed_scorer_fails_the_fast_result_counts()
    {
        IScriptScorer fast = Fixed(new ScoreResult(50, []));
        ScoreResult down = await Score(new ProgressiveScorer(Fixed(ScoreResult.Unscored("down")), fast));
        Assert.Equal((true, 50, "down"), (down.IsScored, down.Score, down.Reason));
        ScoreResult thrown = await Score(new ProgressiveScorer(new CustomScorer((_, _) => throw new InvalidOperationException()), fast));
        Assert.Equal((true, 50), (thrown.IsScored, thrown.Score));
    }

    [Fact]
    public async Task If_the_fast_scorer_fails_there_is_no_score() =>
        Assert.False((await Score(new ProgressiveScorer(Fixed(new ScoreResult(0, [])), Fixed(ScoreResult.Unscored("no program"))))).IsScored);

    private static CustomScorer Fixed(ScoreResult result) => new((_, _) => new(result));

    private static async Task<ScoreResult> Score(ProgressiveScorer scorer) =>
        await scorer.ScoreAsync(new ScoreRequest("1"), TestContext.Current.CancellationToken);
}
