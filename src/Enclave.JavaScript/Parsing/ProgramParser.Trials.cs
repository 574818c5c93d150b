namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Trial reading: in a few places of TypeScript only a later token tells the meaning. The text is read as one thing, and again as another if that fails.
/// </summary>
internal sealed partial class ProgramParser
{
    /// <summary>Most nested trials. Each may read a piece of text once more, so this bounds the work per character.</summary>
    private const int MostTrials = 8;

    public Checkpoint BeginTrial()
    {
        var place = new Checkpoint { Token = Token, State = State };
        for (int i = 0; i < ArenaLengths.Count; i++) place.Lengths[i] = _arenas[i].Count;
        if (++Token.Trials > MostTrials)
        {
            if (Memory.LimitAt < 0) Memory.LimitAt = Token.Start;
            Fail(ParseErrorCode.TooDeep, Token.Start, "");
        }

        return place;
    }

    /// <summary>Ends a trial that succeeded.</summary>
    public void Accept() => Token.Trials--;

    /// <summary>Returns to the start of the trial.</summary>
    public void Reject(in Checkpoint place)
    {
        (Token, State) = (place.Token, place.State);
        for (int i = 0; i < ArenaLengths.Count; i++) _arenas[i].CutTo(place.Lengths[i]);
        if (Memory.LimitAt < 0) return;
        Fail(
            ParseErrorCode.TooDeep, Memory.LimitAt, "Too many places that may be types stand one inside the other; put parentheses around the arrow functions");
    }
}
