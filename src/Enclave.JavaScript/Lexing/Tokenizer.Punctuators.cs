using System.Globalization;
using System.Text;

namespace Enclave.JavaScript.Lexing;

/// <summary>Punctuators (ECMA-262 12.8).</summary>
internal abstract partial class Tokenizer
{
    private void ScanPunctuator(char c)
    {
        char next = Peek(Token.Position + 1);
        switch (c)
        {
            case '(': Found(TokenType.LeftParenthesis, 1); break;
            case ')': Found(TokenType.RightParenthesis, 1); break;
            case '{': Found(TokenType.LeftBrace, 1); break;
            case '}': Found(TokenType.RightBrace, 1); break;
            case '[': Found(TokenType.LeftBracket, 1); break;
            case ']': Found(TokenType.RightBracket, 1); break;
            case ';': Found(TokenType.Semicolon, 1); break;
            case ',': Found(TokenType.Comma, 1); break;
            case ':': Found(TokenType.Colon, 1); break;
            case '~': Found(TokenType.Tilde, 1); break;
            case '`': Found(TokenType.Template, 1); break;
            case '"' or '\'': ScanString(c); break;
            case '.': ScanDot(next); break;
            case '?': ScanQuestion(next); break;
            case '=': ScanEqual(next); break;
            case '!': ScanNot(next); break;
            case '+': ScanAdditive(next, c, TokenType.Plus, TokenType.Increment, TokenType.PlusAssign); break;
            case '-': ScanAdditive(next, c, TokenType.Minus, TokenType.Decrement, TokenType.MinusAssign); break;
            case '*': ScanAssignable(next, c, TokenType.Star, TokenType.StarAssign, TokenType.StarStar, TokenType.StarStarAssign); break;
            case '&':
                ScanAssignable(
                next, c, TokenType.Ampersand, TokenType.AmpersandAssign, TokenType.AmpersandAmpersand, TokenType.AmpersandAmpersandAssign); break;
            case '|': ScanAssignable(next, c, TokenType.Bar, TokenType.BarAssign, TokenType.BarBar, TokenType.BarBarAssign); break;
            case '/': ScanSingle(next, TokenType.Slash, TokenType.SlashAssign); break;
            case '%': ScanSingle(next, TokenType.Percent, TokenType.PercentAssign); break;
            case '^': ScanSingle(next, TokenType.Caret, TokenType.CaretAssign); break;
            case '<': ScanLess(next); break;
            case '>': ScanGreater(next); break;
            case '#': ScanPrivateName(); break;
            case '\\': ScanWordSlowly(Token.Position); break;
            default: FailAtCharacter(); break;
        }
    }

    private void ScanSingle(char next, TokenType plain, TokenType assign)
    {
        if (next == '=') Found(assign, 2);
        else Found(plain, 1);
    }

    private void ScanAdditive(char next, char c, TokenType plain, TokenType twice, TokenType assign)
    {
        if (next == c) Found(twice, 2);
        else ScanSingle(next, plain, assign);
    }

    private void ScanAssignable(char next, char c, TokenType plain, TokenType assign, TokenType twice, TokenType twiceAssign)
    {
        if (next == '=') Found(assign, 2);
        else if (next != c) Found(plain, 1);
        else if (Peek(Token.Position + 2) == '=') Found(twiceAssign, 3);
        else Found(twice, 2);
    }

    private void ScanDot(char next)
    {
        if (CharacterTable.Is(next, CharacterTable.Digit)) ScanNumber();
        else if (next == '.' && Peek(Token.Position + 2) == '.') Found(TokenType.Ellipsis, 3);
        else Found(TokenType.Dot, 1);
    }

    private void ScanQuestion(char next)
    {
        if (next == '?')
        {
            if (Peek(Token.Position + 2) == '=') Found(TokenType.QuestionQuestionAssign, 3);
            else Found(TokenType.QuestionQuestion, 2);
        }
        else if (next == '.' && !CharacterTable.Is(Peek(Token.Position + 2), CharacterTable.Digit))
        {
            // Before a digit the dot belongs to the number: a?.5:1.
            Found(TokenType.QuestionDot, 2);
        }
        else
        {
            Found(TokenType.Question, 1);
        }
    }

    private void ScanEqual(char next)
    {
        if (next == '>') Found(TokenType.Arrow, 2);
        else if (next != '=') Found(TokenType.Assign, 1);
        else if (Peek(Token.Position + 2) == '=') Found(TokenType.StrictEqual, 3);
        else Found(TokenType.Equal, 2);
    }

    private void ScanNot(char next)
    {
        if (next != '=') Found(TokenType.Not, 1);
        else if (Peek(Token.Position + 2) == '=') Found(TokenType.StrictNotEqual, 3);
        else Found(TokenType.NotEqual, 2);
    }

    private void ScanLess(char next)
    {
        if (next == '=') Found(TokenType.LessOrEqual, 2);
        else if (next != '<') Found(TokenType.Less, 1);
        else if (Peek(Token.Position + 2) == '=') Found(TokenType.ShiftLeftAssign, 3);
        else Found(TokenType.ShiftLeft, 2);
    }

    private void ScanGreater(char next)
    {
        if (next == '=')
        {
            Found(TokenType.GreaterOrEqual, 2);
        }
        else if (next != '>')
        {
            Found(TokenType.Greater, 1);
        }
        else if (Peek(Token.Position + 2) == '>')
        {
            if (Peek(Token.Position + 3) == '=') Found(TokenType.ShiftRightUnsignedAssign, 4);
            else Found(TokenType.ShiftRightUnsigned, 3);
        }
        else if (Peek(Token.Position + 2) == '=')
        {
            Found(TokenType.ShiftRightAssign, 3);
        }
        else
        {
            Found(TokenType.ShiftRight, 2);
        }
    }

    /// <summary>Refuses the decorator at an offset. Returns the offset behind it.</summary>
    private protected abstract int PassDecorator(int at);

    private void FailAtCharacter()
    {
        int codePoint = CodePointAt(Token.Position);
        if (codePoint == '@' && Options.Language != SourceLanguage.JavaScript)
        {
            // Skips all decorators in one loop, so that a text of decorators alone does not take a stack level for each.
            while (Peek(Token.Position) == '@' && !Failed)
            {
                Token.Position = PassDecorator(Token.Position);
                if (!SkipTrivia()) return;
            }

            if (!Failed) Scan();
            return;
        }

        // Invisible characters are shown by their number only.
        string shown = Rune.IsValid(codePoint) && IsShown(Rune.GetUnicodeCategory(new Rune(codePoint))) ? $"'{new Rune(codePoint)}' " : "";
        Fail(ParseErrorCode.Token, Token.Position, $"The character {shown}(U+{codePoint:X4}) cannot stand here");
    }

    private static bool IsShown(UnicodeCategory category) => category is >= UnicodeCategory.DashPunctuation and <= UnicodeCategory.OtherSymbol
        or <= UnicodeCategory.OtherLetter or (>= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber) or UnicodeCategory.ConnectorPunctuation;
}
