using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>Looks at an offset behind the current token. Nothing is read.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>True if a name other than in and instanceof stands at an offset.</summary>
    public bool BeginsName(int at)
    {
        if (Peek(at) == '\\') return true;
        if (at >= Source.Length || !UnicodeIdentifier.IsStart(CodePointAt(at))) return false;
        return !IsWordAt(at, "in") && !IsWordAt(at, "instanceof");
    }

    public bool IsWordAt(int at, string word) => Source.AsSpan(at).StartsWith(word) && !IsPartAt(at + word.Length);

    /// <summary>True if a word that is not reserved stands at an offset.</summary>
    public bool IsNameAt(int at)
    {
        if (!BeginsName(at)) return false;
        int end = WordEnd(at);
        return Peek(at) == '\\' || Names.Type(Names.Find(Source.AsSpan(at, end - at))) == TokenType.Identifier;
    }

    public int WordEnd(int at)
    {
        while (true)
        {
            if (Peek(at) == '\\') at = EscapeEnd(at);
            else if (IsPartAt(at)) at += char.IsHighSurrogate(Peek(at)) && char.IsLowSurrogate(Peek(at + 1)) ? 2 : 1;
            else return at;
        }
    }

    // 12.7: \u{…}; the digits of \uXXXX are parts of a name anyway. The tokenizer refuses what is malformed.
    private int EscapeEnd(int at)
    {
        at++;
        if (Peek(at) == 'u') at++;
        if (Peek(at) != '{') return at;
        do at++;
        while (char.IsAsciiHexDigit(Peek(at)));
        return Peek(at) == '}' ? at + 1 : at;
    }

    public bool IsAnyWordAt(int at) => Peek(at) == '\\' || (at < Source.Length && UnicodeIdentifier.IsStart(CodePointAt(at)));

    /// <summary>The offset of the bracket that closes the bracket at an offset, or -1.</summary>
    public int FindClosing(int open)
    {
        if (Memory.Brackets.TryGetValue(open, out int known)) return known;
        // One walk finds the partner of every bracket.
        var around = new Stack<int>();
        for (int at = open; at < Source.Length; at = PeekToken(at, out _))
        {
            char c = Source[at];
            if (c is '(' or '[' or '{')
            {
                around.Push(at);
            }
            else if (c is ')' or ']' or '}')
            {
                Memory.Brackets[around.Pop()] = at;
                if (around.Count == 0) return at;
            }
            else if (c is '"' or '\'' or '`')
            {
                at = QuoteEnd(at, c);
            }

            at++;
        }

        foreach (int unclosed in around) Memory.Brackets[unclosed] = -1;
        return Memory.Brackets.GetValueOrDefault(open, -1);
    }

    private int QuoteEnd(int at, char quote)
    {
        for (at++; at < Source.Length && Source[at] != quote; at++)
        {
            if (Source[at] == '\\') at++;
        }

        return at;
    }
}
