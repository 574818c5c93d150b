using System.Buffers;
using Enclave.Guard.Unicode;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.PreScan;

/// <summary>Words: names and reserved words, and their effect on a slash or brace behind them.</summary>
internal ref partial struct SourceWalk
{
    private const int LongestName = 65_536;

    /// <summary>The position of a function or class.</summary>
    private enum WordPosition : byte
    {
        None,
        Statement,
        Expression,
    }

    /// <summary>The meaning of a slash behind a word.</summary>
    private enum SlashContext : byte
    {
        /// <summary>A division.</summary>
        Operand,

        /// <summary>The start of a regular expression.</summary>
        Expression,

        /// <summary>An operand or an operator: only a parser knows which.</summary>
        Unclear,
    }

    private readonly ReadOnlySpan<char> LastWord => _source.Slice(_wordStart, _wordLength);

    /// <summary>True if the last word names a member, and so is not a reserved word.</summary>
    private readonly bool WordIsMember => _beforeWord == LastToken.Dot;

    private int ReadWord(int at)
    {
        ReadOnlySpan<char> source = _source;
        ReadOnlySpan<byte> classes = CharacterTable.Ascii;
        int end = at + 1;
        while ((uint)end < (uint)source.Length)
        {
            char c = source[end];
            if (c >= 128 || c == '\\') return ReadRareWord(at, end);
            if ((classes[c] & CharacterTable.IdentifierPart) == 0) break;
            end++;
        }

        int length = end - at;
        if (length is 8 or 5 && _last != LastToken.Dot) NoteDefinition(source.Slice(at, length));
        NoteWord(at, length);
        return Found(LastToken.Word, end);
    }

    private void NoteWord(int at, int length)
    {
        _wordFollowsFor = length == 5 && _last == LastToken.Word && LastWord is "for";
        _beforeWord = _last;
        _wordStart = at;
        _wordLength = length;
    }

    private void NoteDefinition(ReadOnlySpan<char> word)
    {
        if (word is "function")
        {
            _functionPosition = PositionOfDefinition();
        }
        else if (word is "class")
        {
            _classPosition = PositionOfDefinition();
            _classDepth = _brackets.Depth;
        }
    }

    // If an operand stands before it, a line must have ended between them, and a statement begins.
    private readonly WordPosition PositionOfDefinition()
    {
        bool statement = _last switch
        {
            <= LastToken.Label => true,
            LastToken.Operator or LastToken.Arrow => false,
            LastToken.Word when WordIsMember => true,
            LastToken.Word when LastWord is "async" => _beforeWord <= LastToken.Label,
            LastToken.Word => LastWord is "else" or "do" or "default" or "export" || WordAsSlashContext() == SlashContext.Operand,
            _ => true,
        };
        return statement ? WordPosition.Statement : WordPosition.Expression;
    }

    private readonly bool BeginsBlock() => !WordIsMember && LastWord is "else" or "do" or "try" or "finally" or "catch" or "static";

    /// <summary>The meaning of a slash behind the last token, if that is a word.</summary>
    private readonly SlashContext WordAsSlashContext()
    {
        if (_last != LastToken.Word || WordIsMember || _wordLength > 10) return SlashContext.Operand;
        return LastWord switch
        {
            "return" or "typeof" or "case" or "do" or "else" or "in" or "instanceof" or "new" or "void" or "delete" or "throw" or "extends" or "default"
                => SlashContext.Expression,
            // In the head of a loop, behind its declaration.
            "of" when _brackets.Top.Kind == BracketKind.ControlHead && _beforeWord is LastToken.Word or LastToken.Operand or LastToken.BlockEnd
                => SlashContext.Expression,
            // Outside of generators and async functions they are names.
            "await" or "yield" => SlashContext.Unclear,
            _ => SlashContext.Operand,
        };
    }

    /// <summary>Reads a word with characters beyond ASCII or with escapes.</summary>
    /// <param name="start">Where the word begins.</param>
    /// <param name="at">The first such character.</param>
    private int ReadRareWord(int start, int at)
    {
        bool escaped = false;
        while (at < _source.Length)
        {
            char c = _source[at];
            if (CharacterTable.Is(c, CharacterTable.IdentifierPart))
            {
                at++;
            }
            else if (c == '\\')
            {
                escaped = true;
                at = SkipEscape(at);
            }
            else
            {
                if (c < 128 || CharacterTable.IsWideSpace(c) || LineEnds.Contains(c)) break;
                int codePoint = TextControls.CodePointAt(_source, at);
                int length = codePoint > char.MaxValue ? 2 : 1;
                if (TextControls.IsInvisible(codePoint) && !AcceptInvisible(codePoint, at, length)) return _source.Length;
                at += length;
            }
        }

        if (_limits.Homographs == TextCheck.On && !CheckName(start, at, escaped)) return _source.Length;
        // Reserved words are ASCII and without escapes.
        return Found(LastToken.Operand, at);
    }

    // The braces of \u{…} are not brackets.
    private readonly int SkipEscape(int at)
    {
        if (Peek(at + 1) != 'u') return at + 1;
        if (Peek(at + 2) != '{') return at + 2;
        int end = at + 3;
        while (char.IsAsciiHexDigit(Peek(end))) end++;
        return Peek(end) == '}' ? end + 1 : end;
    }

    private int ReadWide(int at)
    {
        char c = _source[at];
        if (LineEnds.Contains(c)) return EndLine(at);
        if (c == '\uFEFF' && at > 0) return AcceptInvisible(c, at, 1) ? at + 1 : _source.Length;
        if (CharacterTable.IsWideSpace(c)) return at + 1;
        return ReadRareWord(at, at);
    }

    private bool CheckName(int start, int end, bool escaped)
    {
        // The parser refuses longer names.
        ReadOnlySpan<char> name = _source[start..Math.Min(end, start + LongestName)];
        if (!escaped) return !Homoglyphs.IsSuspicious(name) || FailAtHomograph(start, end, name);
        char[] buffer = ArrayPool<char>.Shared.Rent(name.Length);
        ReadOnlySpan<char> decoded = buffer.AsSpan(0, DecodedName.Decode(name, buffer));
        bool accepted = !Homoglyphs.IsSuspicious(decoded) || FailAtHomograph(start, end, decoded);
        ArrayPool<char>.Shared.Return(buffer);
        return accepted;
    }
}
