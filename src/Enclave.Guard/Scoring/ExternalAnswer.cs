namespace Enclave.Guard.Scoring;

/// <summary>What one attempt brought.</summary>
/// <param name="Result">A score, or why there is none.</param>
/// <param name="MayBeRepeated">Whether another attempt may fare better.</param>
internal readonly record struct ExternalAnswer(ScoreResult Result, bool MayBeRepeated)
{
    public static ExternalAnswer Final(string reason) => new(ScoreResult.Unscored(reason), MayBeRepeated: false);

    public static ExternalAnswer Again(string reason) => new(ScoreResult.Unscored(reason), MayBeRepeated: true);
}
