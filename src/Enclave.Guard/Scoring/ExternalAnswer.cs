namespace Enclave.Guard.Scoring;

/// <summary>The result of one attempt.</summary>
/// <param name="Result">A score, or the reason why there is none.</param>
/// <param name="MayBeRepeated">True if another attempt may succeed.</param>
internal readonly record struct ExternalAnswer(ScoreResult Result, bool MayBeRepeated)
{
    public static ExternalAnswer Final(string reason) => new(ScoreResult.Unscored(reason), MayBeRepeated: false);

    public static ExternalAnswer Again(string reason) => new(ScoreResult.Unscored(reason), MayBeRepeated: true);
}
