using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Lexing;

/// <summary>
/// Trial reading: in a few places of TypeScript only a later token tells the meaning. The text is read as one thing, and again as another if that fails.
/// </summary>
internal abstract partial class Tokenizer
{
    // During a trial an error only means that the text is the other thing. Finding its line would take a walk over the whole text.
    private static readonly ParseError s_onTrial = new(ParseErrorCode.Syntax, "", 0, new SourcePosition(1, 0));

    /// <summary>The number of nested trials in progress.</summary>
    private protected int Trials { get; set; }

    private protected readonly record struct TokenPlace(
        int Position, TokenType Type, int Start, int End, int LastEnd, bool NewlineBefore, bool HasEscape, int Name, string StringValue, double NumberValue,
        int LegacyAt,
        int Tokens, int Comments);

    private protected TokenPlace Place() =>
        new(_position, Type, Start, End, LastEnd, NewlineBefore, HasEscape, Name, StringValue, NumberValue, LegacyAt, _tokens.Count, _comments.Count);

    private protected void ReturnTo(TokenPlace place)
    {
        (_position, Type, Start, End, LastEnd, NewlineBefore) = (place.Position, place.Type, place.Start, place.End, place.LastEnd, place.NewlineBefore);
        (HasEscape, Name, StringValue, NumberValue, LegacyAt) = (place.HasEscape, place.Name, place.StringValue, place.NumberValue, place.LegacyAt);
        _tokens.RemoveRange(place.Tokens, _tokens.Count - place.Tokens);
        _comments.RemoveRange(place.Comments, _comments.Count - place.Comments);
        Error = null;
    }

    /// <summary>Reduces a longer operator that begins with an angle bracket to that bracket: two lists of types may end in one '&gt;&gt;'.</summary>
    private protected void SplitAngle(TokenType angle)
    {
        Type = angle;
        _position = End = Start + 1;
    }
}
