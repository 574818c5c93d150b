namespace Enclave.Models;

/// <summary>The limits of the answer that a model gets about one run.</summary>
/// <param name="Tokens">Tokens of the whole answer, estimated (<see cref="TokenEstimate"/>).</param>
/// <param name="ContentBytes">Bytes of the files in the value, together.</param>
/// <param name="HasStore">True if scripts may keep values for the next script: the answer then says how to get the parts that were left out.</param>
internal sealed record AnswerLimits(int Tokens, int ContentBytes, bool HasStore)
{
    public const int LeastTokens = 50, MostTokens = 1_000_000, DefaultTokens = 10_000;

    public const int MostContentBytes = 16 << 20, DefaultContentBytes = 1 << 20;

    /// <summary>The least tokens of an answer whose notes are whole sentences.</summary>
    private const int LeastForSentences = 200;

    /// <summary>Characters of the members' names, and of the note on what was left out, in words and in a few words.</summary>
    private const int LongNotes = 400, ShortNotes = 85, Names = 36, OneName = 12;

    /// <summary>The characters of an answer, without the names of its members and the note on what was left out.</summary>
    public int Room => (Tokens * TokenEstimate.Characters) - (IsSmall ? ShortNotes : LongNotes);

    /// <summary>The characters of an answer with an error, which has no such note.</summary>
    public int RoomOfFailure => (Tokens * TokenEstimate.Characters) - Names;

    /// <summary>The characters of an answer that is only an error or the handle of a run, with no note.</summary>
    public static int RoomOfOne(int tokens) => (tokens * TokenEstimate.Characters) - OneName;

    /// <summary>True if there is no room for sentences.</summary>
    public bool IsSmall => Tokens < LeastForSentences;

    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    public static void Check(int tokens, int contentBytes)
    {
        if (tokens is < LeastTokens or > MostTokens)
            throw new ArgumentException($"MaxResultTokens is {tokens}; its range is {LeastTokens} to {MostTokens}.", nameof(tokens));
        if (contentBytes is < 0 or > MostContentBytes)
            throw new ArgumentException($"MaxContentBytes is {contentBytes}; its range is 0 to {MostContentBytes}.", nameof(contentBytes));
    }
}
