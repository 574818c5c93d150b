namespace Enclave.Models;

/// <summary>What a model gets of one run.</summary>
/// <param name="Tokens">Tokens of the whole answer, estimated (<see cref="TokenEstimate"/>).</param>
/// <param name="ContentBytes">Bytes of the files in the value, together.</param>
/// <param name="HasStore">True if scripts may keep values for the next one: the answer then says how to get what was left out.</param>
internal sealed record AnswerLimits(int Tokens, int ContentBytes, bool HasStore)
{
    public const int LeastTokens = 200, MostTokens = 1_000_000, DefaultTokens = 10_000;

    public const int MostContentBytes = 16 << 20, DefaultContentBytes = 1 << 20;

    /// <summary>The characters of an answer.</summary>
    public int Room => Tokens * TokenEstimate.Characters;

    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    public static void Check(int tokens, int contentBytes)
    {
        if (tokens is < LeastTokens or > MostTokens)
            throw new ArgumentException($"MaxResultTokens is {tokens}; its range is {LeastTokens} to {MostTokens}.", nameof(tokens));
        if (contentBytes is < 0 or > MostContentBytes)
            throw new ArgumentException($"MaxContentBytes is {contentBytes}; its range is 0 to {MostContentBytes}.", nameof(contentBytes));
    }
}
