using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Lexing;

/// <summary>Names and reserved words (ECMA-262 12.7).</summary>
internal abstract partial class Tokenizer
{
    private readonly CharBuffer _buffer = new();

    /// <summary>The code point at an offset. A surrogate without its partner stands for itself.</summary>
    private protected int CodePointAt(int offset)
    {
        char high = Peek(offset);
        char low = Peek(offset + 1);
        return char.IsHighSurrogate(high) && char.IsLowSurrogate(low) ? char.ConvertToUtf32(high, low) : high;
    }

    /// <summary>True if a character, or an escape, at an offset would continue a name.</summary>
    private protected bool IsPartAt(int offset) =>
        offset < Source.Length && (Source[offset] == '\\' || UnicodeIdentifier.IsPart(CodePointAt(offset)));

    private void ScanWord()
    {
        string source = Source;
        ReadOnlySpan<byte> classes = CharacterTable.Ascii;
        int at = Token.Position;
        uint hash = NameTable.HashStart;
        while ((uint)at < (uint)source.Length)
        {
            char c = source[at];
            if (c >= 128 || (classes[c] & CharacterTable.IdentifierPart) == 0)
            {
                if (c < 128 ? c != '\\' : !UnicodeIdentifier.IsPart(CodePointAt(at))) break;
                ScanWordSlowly(Token.Position);
                return;
            }

            hash = NameTable.HashStep(hash, c);
            at++;
        }

        ReadOnlySpan<char> text = source.AsSpan(Token.Position, at - Token.Position);
        if (text.Length > Options.MaxIdentifierLength)
        {
            FailAtLongWord(Token.Position, text.Length);
            return;
        }

        Token.HasEscape = false;
        Token.Name = Names.Find(text, hash);
        Token.Type = Names.Type(Token.Name);
        Token.Position = at;
    }

    private void ScanWideCharacter()
    {
        if (UnicodeIdentifier.IsStart(CodePointAt(Token.Position))) ScanWordSlowly(Token.Position);
        else FailAtCharacter();
    }

    private void ScanWordSlowly(int from)
    {
        if (!ReadName(from)) return;
        Token.Name = Names.Find(_buffer.Text);
        Token.Type = Names.Type(Token.Name);
        // 12.7.2: a reserved word keeps its meaning only if it is written without escapes.
        if (Token.HasEscape && Token.Type != TokenType.Identifier) Token.Type = TokenType.EscapedReservedWord;
        _buffer.Clear();
    }

    /// <summary>Reads # and a name (12.7).</summary>
    private void ScanPrivateName()
    {
        char next = Peek(Token.Position + 1);
        if (next != '\\' && !UnicodeIdentifier.IsStart(CodePointAt(Token.Position + 1)))
        {
            Fail(ParseErrorCode.Token, Token.Position, "A private name needs a name after '#'");
            return;
        }

        if (!ReadName(Token.Position + 1)) return;
        Token.Name = Names.Find(_buffer.Text);
        Token.Type = TokenType.PrivateName;
        _buffer.Clear();
    }

    /// <summary>Reads a name with escapes and characters of any script into the buffer, and moves behind it.</summary>
    private bool ReadName(int from)
    {
        Token.HasEscape = false;
        _buffer.Clear();
        int at = from;
        while (at < Source.Length)
        {
            int codePoint;
            int begin = at;
            if (Source[at] == '\\')
            {
                Token.HasEscape = true;
                if (!ReadNameEscape(ref at, out codePoint)) return false;
            }
            else
            {
                codePoint = CodePointAt(at);
                if (!(begin == from ? UnicodeIdentifier.IsStart(codePoint) : UnicodeIdentifier.IsPart(codePoint))) break;
                at += codePoint > 0xFFFF ? 2 : 1;
            }

            if (!(begin == from ? UnicodeIdentifier.IsStart(codePoint) : UnicodeIdentifier.IsPart(codePoint)))
            {
                Fail(ParseErrorCode.Token, begin, $"The escape stands for U+{codePoint:X4}, which cannot stand in a name here");
                return false;
            }

            _buffer.AppendCodePoint(codePoint);
            if (at - from > Options.MaxIdentifierLength)
            {
                FailAtLongWord(from, at - from);
                return false;
            }
        }

        Token.Position = at;
        return true;
    }

    // 12.7: \u and four digits, or braces.
    private bool ReadNameEscape(ref int at, out int codePoint)
    {
        codePoint = 0;
        int begin = at;
        if (Peek(at + 1) == 'u')
        {
            at += 2;
            if (ReadUnicodeEscape(ref at, out codePoint)) return true;
        }

        Fail(ParseErrorCode.Token, begin, "A name may contain only Unicode escapes: \\u and four hexadecimal digits, or \\u{…}");
        return false;
    }

    private void FailAtLongWord(int from, int length) =>
        Fail(ParseErrorCode.TooLong, from, $"The name has {length:N0} UTF-16 units or more; the limit is {Options.MaxIdentifierLength:N0}");
}
