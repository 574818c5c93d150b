using System.Buffers;

namespace Enclave.JavaScript.Lexing;

/// <summary>String literals (ECMA-262 12.9.4).</summary>
internal abstract partial class Tokenizer
{
    /// <summary>Strings up to this length are looked up among the names, because keys and short words repeat often.</summary>
    private const int LongestShared = 16;

    private static readonly SearchValues<char> s_singleQuotedEnd = SearchValues.Create("'\\\n\r");
    private static readonly SearchValues<char> s_doubleQuotedEnd = SearchValues.Create("\"\\\n\r");

    private void ScanString(char quote)
    {
        Token.Type = TokenType.String;
        Token.LegacyAt = -1;
        SearchValues<char> ends = quote == '"' ? s_doubleQuotedEnd : s_singleQuotedEnd;
        int from = Token.Position + 1;
        int length = Source.AsSpan(from).IndexOfAny(ends);
        if (length >= 0 && Source[from + length] == quote)
        {
            ReadOnlySpan<char> text = Source.AsSpan(from, length);
            if (text.Length > Options.MaxStringLength) FailAtLongString(text.Length);
            else FoundString(text, from + length + 1);
            return;
        }

        ScanStringSlowly(quote, ends, from);
    }

    private void FoundString(ReadOnlySpan<char> text, int end)
    {
        Token.StringValue = text.Length <= LongestShared ? Names.Text(text) : text.ToString();
        Token.Position = end;
    }

    private void ScanStringSlowly(char quote, SearchValues<char> ends, int from)
    {
        _buffer.Clear();
        int at = from;
        while (true)
        {
            int length = Source.AsSpan(at).IndexOfAny(ends);
            if (length >= 0) _buffer.Append(Source.AsSpan(at, length));
            if (length < 0 || Source[at + length] is '\n' or '\r')
            {
                Fail(ParseErrorCode.Token, Token.Start, "The string that begins here is not closed on its line");
                return;
            }

            at += length;
            if (_buffer.Length > Options.MaxStringLength)
            {
                FailAtLongString(_buffer.Length);
                return;
            }

            if (Source[at] == quote)
            {
                FoundString(_buffer.Text, at + 1);
                _buffer.Clear();
                return;
            }

            if (!AppendStringEscape(ref at)) return;
        }
    }

    private bool AppendStringEscape(ref int at)
    {
        int backslash = at++;
        if (at >= Source.Length)
        {
            Fail(ParseErrorCode.Token, Token.Start, "The string that begins here is not closed on its line");
            return false;
        }

        switch (ReadEscape(ref at, out int codePoint))
        {
            case Escape.Malformed:
                FailAtEscape(backslash);
                return false;
            case Escape.LineContinuation:
                return true;
            case Escape.Legacy:
                if (Token.LegacyAt < 0) Token.LegacyAt = backslash;
                break;
        }

        _buffer.AppendCodePoint(codePoint);
        return true;
    }

    private void FailAtLongString(int length) =>
        Fail(ParseErrorCode.TooLong, Token.Start, $"The string has {length:N0} UTF-16 units or more; the limit is {Options.MaxStringLength:N0}");
}
