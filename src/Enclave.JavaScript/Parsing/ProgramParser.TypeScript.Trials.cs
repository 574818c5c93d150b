using System.Runtime.CompilerServices;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Trial reading: in a few places of TypeScript only a later token tells the meaning. The text is read as one thing, and again as another if that fails.
/// </summary>
internal sealed partial class ProgramParser
{
    /// <summary>Most nested trials. Each may read a piece of text once more, so this bounds the work per character.</summary>
    private const int MostTrials = 8;

    /// <summary>A place to return to: all that reading changes.</summary>
    private struct Checkpoint
    {
        public TokenState Token;
        public ParserState State;
        public ArenaLengths Lengths;
    }

    [InlineArray(Arenas)]
    private struct ArenaLengths
    {
        private int _first;
    }

    private Checkpoint BeginTrial()
    {
        var place = new Checkpoint { Token = Token, State = State };
        for (int i = 0; i < Arenas; i++) place.Lengths[i] = _arenas[i].Count;
        if (++Token.Trials > MostTrials)
        {
            if (Memory.LimitAt < 0) Memory.LimitAt = Token.Start;
            Fail(ParseErrorCode.TooDeep, Token.Start, "");
        }

        return place;
    }

    /// <summary>Ends a trial that succeeded.</summary>
    private void Accept() => Token.Trials--;

    /// <summary>Returns to the start of the trial.</summary>
    private void Reject(in Checkpoint place)
    {
        (Token, State) = (place.Token, place.State);
        for (int i = 0; i < Arenas; i++) _arenas[i].CutTo(place.Lengths[i]);
        if (Memory.LimitAt < 0) return;
        Fail(
            ParseErrorCode.TooDeep, Memory.LimitAt, "Too many places that may be types stand one inside the other; put parentheses around the arrow functions");
    }
}
