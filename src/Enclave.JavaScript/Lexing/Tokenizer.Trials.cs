using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Lexing;

/// <summary>
/// Trial reading: in a few places of TypeScript only a later token tells the meaning. The text is read as one thing, and again as another if that fails.
/// </summary>
internal abstract partial class Tokenizer
{
    // During a trial an error only means that the text has the other of two possible meanings. Finding its line would take a walk over the whole text.
    private static readonly ParseError s_onTrial = new(ParseErrorCode.Syntax, "", 0, new SourcePosition(1, 0));

    /// <summary>Reduces a longer operator that begins with an angle bracket to that bracket: two lists of types may end in one '&gt;&gt;'.</summary>
    public void SplitAngle(TokenType angle)
    {
        Token.Type = angle;
        Token.Position = Token.End = Token.Start + 1;
    }
}
