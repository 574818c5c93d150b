using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Text;

namespace Enclave.Cli.Parse;

/// <summary>Tokens as acorn's tokenizer lists them: type, value if any, start and end.</summary>
internal sealed class TokenJson
{
    private readonly EstreeText _json;
    private readonly string _source;
    private readonly Dictionary<int, Node> _values;
    private bool _isFirst = true;

    private TokenJson(EstreeText json, string source, Dictionary<int, Node> values)
    {
        _json = json;
        _source = source;
        _values = values;
    }

    public static void Write(string source, ParseResult result, TextWriter output)
    {
        using var json = new EstreeText(output);
        var tokens = new TokenJson(json, source, TokenValues.Of(result.Program!));
        json.Append('[');
        foreach (Token token in result.Tokens)
        {
            if (token.Type == TokenType.Template) tokens.WriteTemplate(token);
            else if (token.Type != TokenType.End) tokens.Write(token);
        }

        tokens.Write(new Token(TokenType.End, source.Length, source.Length));
        json.Append(']');
        json.Flush();
    }

    private void Write(Token token)
    {
        ReadOnlySpan<char> text = _source.AsSpan(token.Start, token.End - token.Start);
        Node? node = _values.GetValueOrDefault(token.Start);
        // A reserved word may be the name of a property.
        Begin(node is Identifier ? "name" : TokenLabels.Of(token.Type, text));
        if (node is Identifier || (node is not null && token.Type <= TokenType.RegExp)) WriteValue(node);
        else if (TokenLabels.HasTextAsValue(token.Type)) Value(text);
        End(token.Start, token.End);
    }

    /// <summary>A template token, which is three tokens in acorn: its opening, its text and its closing.</summary>
    private void WriteTemplate(Token token)
    {
        int start = token.Start + 1;
        bool isLast = _source[token.End - 1] == '`';
        int end = token.End - (isLast ? 1 : 2);
        Begin(_source[token.Start] == '`' ? "`" : "}");
        End(token.Start, start);
        var element = _values.GetValueOrDefault(~start) as TemplateElement;
        Begin(element is { Cooked: null } ? "invalidTemplate" : "template");
        if (element is not null) Value(element.Cooked ?? element.Raw);
        End(start, end);
        Begin(isLast ? "`" : "${");
        End(end, token.End);
    }

    private void WriteValue(Node node)
    {
        switch (node)
        {
            case Identifier name: Value(name.Name); break;
            case PrivateIdentifier name: Value(name.Name); break;
            case StringLiteral text: Value(text.Value); break;
            case NumberLiteral number when double.IsFinite(number.Value):
                _json.Key("value");
                _json.Append(NumberText.Of(number.Value));
                break;
            // JSON has neither infinity nor BigInt.
            case NumberLiteral or BigIntLiteral: _json.Append(",\"value\":null"); break;
            case RegExpLiteral expression:
                _json.Append(",\"value\":{\"pattern\":");
                _json.Quote(expression.Pattern);
                _json.Append(",\"flags\":");
                _json.Quote(expression.Flags);
                _json.Append(",\"value\":{}}");
                break;
        }
    }

    private void Value(ReadOnlySpan<char> text)
    {
        _json.Key("value");
        _json.Quote(text);
    }

    private void Begin(string label)
    {
        if (_isFirst) _isFirst = false;
        else _json.Append(',');
        _json.Append("{\"type\":");
        _json.Quote(label);
    }

    private void End(int start, int end)
    {
        _json.Key("start");
        _json.AppendInteger(start);
        _json.Key("end");
        _json.AppendInteger(end);
        _json.Append('}');
    }
}
