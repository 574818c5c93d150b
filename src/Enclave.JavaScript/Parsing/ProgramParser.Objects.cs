using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Object literals and the names of properties (ECMA-262 13.2.5).</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The name of a property. For a name that may stand alone, also its meaning as a reference.</summary>
    private readonly struct PropertyName(Expression key, bool isComputed, TokenType type, int name)
    {
        public Expression Key { get; } = key;

        public bool IsComputed { get; } = isComputed;

        public TokenType Type { get; } = type;

        /// <summary>Its number in <see cref="Tokenizer.Names"/> if it is written as a word without escapes; otherwise 0.</summary>
        public int Word { get; } = name;
    }

    private ObjectExpression ParseObject(ref Cover cover)
    {
        int start = Token.Start;
        Next();
        int mark = Nodes.Count;
        bool sawProto = false;
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            Nodes.Push(Token.Type == TokenType.Ellipsis ? ParseSpread(ref cover) : ParseProperty(ref cover, ref sawProto));
            Separate(TokenType.RightBrace);
        }

        ImmutableArray<Node> properties = Nodes.Take<Node>(mark);
        Next();
        return new ObjectExpression(start, Token.LastEnd, properties);
    }

    private Property ParseProperty(ref Cover cover, ref bool sawProto)
    {
        int start = Token.Start;
        if (Token.Type == TokenType.Star)
        {
            Next();
            return ParseMethodProperty(start, ParsePropertyName(), FunctionForm.Generator);
        }

        PropertyName name = ParsePropertyName();
        switch (Token.Type)
        {
            case TokenType.Colon:
                return ParseValueProperty(start, name, ref cover, ref sawProto);
            case TokenType.LeftParenthesis:
                return ParseMethodProperty(start, name, FunctionForm.Plain);
            case TokenType.Less when IsTyped:
                return ParseMethodProperty(start, name, FunctionForm.Plain);
            case TokenType.Comma or TokenType.RightBrace or TokenType.Assign:
                break;
            default:
                if (name.Word == KnownName.Async && !Token.NewlineBefore)
                {
                    FunctionForm form = Eat(TokenType.Star) ? FunctionForm.AsyncGenerator : FunctionForm.Async;
                    return ParseMethodProperty(start, ParsePropertyName(), form);
                }

                if (name.Word is KnownName.Get or KnownName.Set) return ParseAccessor(start, name.Word == KnownName.Get ? PropertyKind.Get : PropertyKind.Set);
                break;
        }

        return ParseShorthand(start, name, ref cover);
    }

    private Property ParseValueProperty(int start, PropertyName name, ref Cover cover, ref bool sawProto)
    {
        Next();
        Expression value = ParseAssignmentCover(ForInit.None, ref cover);
        // Annex B.3.1.
        if (!name.IsComputed && name.Key is Identifier { Name: "__proto__" } or StringLiteral { Value: "__proto__" })
        {
            if (!name.IsComputed && sawProto && cover.SecondProto < 0) cover.SecondProto = name.Key.Start;
            sawProto |= !name.IsComputed;
        }

        return new Property(start, Token.LastEnd, false, false, name.IsComputed, name.Key, value, PropertyKind.Init);
    }

    private Property ParseMethodProperty(int start, PropertyName name, FunctionForm form)
    {
        FunctionExpression method = ParseMethod(form, SyntaxContext.SuperProperty, BodyRule.Needed)!;
        return new Property(start, Token.LastEnd, true, false, name.IsComputed, name.Key, method, PropertyKind.Init);
    }

    private Property ParseAccessor(int start, PropertyKind kind)
    {
        PropertyName name = ParsePropertyName();
        FunctionExpression method = ParseMethod(FunctionForm.Plain, SyntaxContext.SuperProperty, BodyRule.Needed)!;
        CheckAccessor(method, kind == PropertyKind.Get);
        return new Property(start, Token.LastEnd, false, false, name.IsComputed, name.Key, method, kind);
    }

    // 15.4: a getter has no parameters, a setter exactly one.
    private void CheckAccessor(FunctionExpression method, bool isGetter)
    {
        if (isGetter ? method.Params.Length != 0 : method.Params.Length != 1)
            EarlyError(method.Start, isGetter ? "A getter has no parameters" : "A setter has exactly one parameter");
        else if (!isGetter && method.Params[0] is RestElement rest) EarlyError(rest.Start, "The parameter of a setter cannot be a rest element");
    }

    private Property ParseShorthand(int start, PropertyName name, ref Cover cover)
    {
        Identifier reference = ToShorthand(name);
        if (Token.Type != TokenType.Assign) return new Property(start, Token.LastEnd, false, true, false, name.Key, reference, PropertyKind.Init);
        // CoverInitializedName: allowed only if the object turns out to be a pattern.
        if (cover.Initializer < 0) cover.Initializer = Token.Start;
        Next();
        Expression value = ParseAssignment();
        var target = new AssignmentPattern(start, Token.LastEnd, reference, value);
        return new Property(start, Token.LastEnd, false, true, false, name.Key, target, PropertyKind.Init);
    }

    /// <summary>The reference or binding that a shorthand property makes.</summary>
    private Identifier ToShorthand(PropertyName name)
    {
        if (name.IsComputed || name.Key is not Identifier identifier || name.Type != TokenType.Identifier)
        {
            Unexpected(name.Type == TokenType.Identifier ? "','" : "':'");
            return s_missing;
        }

        int number = name.Word != 0 ? name.Word : Names.Find(identifier.Name);
        if (number <= KnownName.LastStrictReserved) CheckReserved(number, identifier.Start);
        return identifier;
    }

    // PropertyName.
    private PropertyName ParsePropertyName()
    {
        TokenType type = Token.Type;
        switch (type)
        {
            case TokenType.String:
                return new PropertyName(ParseString(), false, type, 0);
            case TokenType.Number:
                return new PropertyName(ParseNumber(), false, type, 0);
            case TokenType.BigInt:
                var digits = new BigIntLiteral(Token.Start, Token.End, Token.StringValue);
                Next();
                return new PropertyName(digits, false, type, 0);
            case TokenType.LeftBracket:
                Next();
                Expression key = ParseAssignment();
                Expect(TokenType.RightBracket);
                return new PropertyName(key, true, type, 0);
            default:
                int word = Token.HasEscape ? 0 : Token.Name;
                return new PropertyName(ParseIdentifierName(), false, type, word);
        }
    }
}
