using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>TypeScript that is code and is not compiled. The parser reads on after it, so that one answer names all such places and all other errors.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>Most errors of this kind that are kept.</summary>
    private const int MostRefused = 100;

    public void NotErasable(int at, string what, string instead)
    {
        if (Failed || _refused.Count == MostRefused || IsRefused(at)) return;
        _refused.Add((at, $"{what} is code, not a type; {instead}"));
    }

    private bool IsRefused(int at)
    {
        foreach ((int offset, _) in _refused.Items)
        {
            if (offset == at) return true;
        }

        return false;
    }

    private protected override int PassDecorator(int at)
    {
        const string What = "A decorator", Instead = "call the function with the class or the method instead";
        if (!IsTyped)
        {
            Fail(ParseErrorCode.NotErasable, at, $"{What} is code, not a type; {Instead}");
            return Source.Length;
        }

        NotErasable(at, What, Instead);
        int end = at + 1;
        while (IsPartAt(end) || Peek(end) == '.') end = WordEnd(end + 1);
        return Peek(end) == '(' && FindClosing(end) is >= 0 and int close ? close + 1 : end;
    }

    /// <summary>All errors in the order of the text.</summary>
    private ImmutableArray<ParseError> Errors()
    {
        if (_refused.Count == 0) return Token.Error is null ? [] : [Token.Error];
        var lines = new LineMap(Source);
        IEnumerable<ParseError> errors = _refused.Items.ToArray()
            .Select((each) => new ParseError(ParseErrorCode.NotErasable, each.Message, each.Offset, lines.At(each.Offset)));
        return [.. errors.Concat(Token.Error is null ? [] : [Token.Error]).OrderBy((error) => error.Offset)];
    }
}
