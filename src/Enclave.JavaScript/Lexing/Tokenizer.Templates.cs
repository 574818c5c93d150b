using System.Buffers;

namespace Enclave.JavaScript.Lexing;

/// <summary>Templates (ECMA-262 12.9.6). Their text is read when the parser stands at a back quote or at the brace that closes a substitution.</summary>
internal abstract partial class Tokenizer
{
    private static readonly SearchValues<char> s_templateStops = SearchValues.Create("`\\$\r");

    /// <summary>Extends the current token, a back quote or a closing brace, to the end of the piece of text behind it.</summary>
    /// <param name="end">The end of the text, before the token that closes it.</param>
    public TemplateEnd ReadTemplate(out int end)
    {
        int from = Token.End;
        int copied = from;
        int at = from;
        bool plain = true;
        Token.MalformedEscape = -1;
        _buffer.Clear();
        while (true)
        {
            int length = Source.AsSpan(at).IndexOfAny(s_templateStops);
            end = length < 0 ? Source.Length : at + length;
            if (length < 0 || end - from > Options.MaxStringLength)
            {
                if (length < 0) Fail(ParseErrorCode.Token, Token.Start, "The template is not closed");
                else FailAtLongString(end - from);
                return TemplateEnd.Failed;
            }

            char c = Source[end];
            at = end + 1;
            if (c == '`' || (c == '$' && Peek(at) == '{')) break;
            if (c == '$') continue;
            plain = false;
            _buffer.Append(Source.AsSpan(copied, end - copied));
            AppendSpecial(c, ref at);
            copied = at;
        }

        FoundTemplate(from, copied, end, plain);
        bool closed = Source[end] == '`';
        Token.Type = TokenType.Template;
        Token.End = Token.Position = end + (closed ? 1 : 2);
        return closed ? TemplateEnd.Quote : TemplateEnd.Substitution;
    }

    public void FailAtTemplateEscape() => FailAtEscape(Token.MalformedEscape);

    private void FoundTemplate(int from, int copied, int end, bool plain)
    {
        string raw = Source.Substring(from, end - from);
        (Token.TemplateRaw, Token.TemplateCooked) = (raw, raw);
        if (plain) return;
        _buffer.Append(Source.AsSpan(copied, end - copied));
        Token.TemplateCooked = Token.MalformedEscape < 0 ? _buffer.Text.ToString() : null;
        _buffer.Clear();
        if (raw.Contains('\r', StringComparison.Ordinal)) Token.TemplateRaw = raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    /// <summary>Appends an escape or a carriage return. The offset is behind its first character.</summary>
    private void AppendSpecial(char c, ref int at)
    {
        if (c == '\r')
        {
            // 12.9.6: CR and CR LF mean LF, in both values.
            if (Peek(at) == '\n') at++;
            _buffer.Append('\n');
            return;
        }

        int backslash = at - 1;
        // The text ends here, and the template is not closed.
        if (at >= Source.Length) return;
        switch (ReadEscape(ref at, out int codePoint))
        {
            case Escape.Character:
                _buffer.AppendCodePoint(codePoint);
                break;
            case Escape.Legacy:
            case Escape.Malformed:
                // Only a tagged template may contain a malformed escape. Reading continues behind the backslash and its letter.
                if (Token.MalformedEscape < 0) Token.MalformedEscape = backslash;
                at = backslash + 2;
                break;
        }
    }
}
