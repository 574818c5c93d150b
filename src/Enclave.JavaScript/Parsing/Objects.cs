using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Object literals and the names of properties (ECMA-262 13.2.5).</summary>
internal static class Objects
{
    public static ObjectExpression ParseObject(ProgramParser p, ref Cover cover)
    {
        int start = p.Token.Start;
        p.Next();
        int mark = p.Nodes.Count;
        bool sawProto = false;
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            p.Nodes.Push(p.Token.Type == TokenType.Ellipsis ? LeftHandSides.ParseSpread(p, ref cover) : ParseProperty(p, ref cover, ref sawProto));
            p.Separate(TokenType.RightBrace);
        }

        ImmutableArray<Node> properties = p.Nodes.Take<Node>(mark);
        p.Next();
        return new ObjectExpression(start, p.Token.LastEnd, properties);
    }

    private static Property ParseProperty(ProgramParser p, ref Cover cover, ref bool sawProto)
    {
        int start = p.Token.Start;
        if (p.Token.Type == TokenType.Star)
        {
            p.Next();
            return ParseMethodProperty(p, start, ParsePropertyName(p), FunctionForm.Generator);
        }

        PropertyName name = ParsePropertyName(p);
        switch (p.Token.Type)
        {
            case TokenType.Colon:
                return ParseValueProperty(p, start, name, ref cover, ref sawProto);
            case TokenType.LeftParenthesis:
                return ParseMethodProperty(p, start, name, FunctionForm.Plain);
            case TokenType.Less when p.IsTyped:
                return ParseMethodProperty(p, start, name, FunctionForm.Plain);
            case TokenType.Comma or TokenType.RightBrace or TokenType.Assign:
                break;
            default:
                if (name.Word == KnownName.Async && !p.Token.NewlineBefore)
                {
                    FunctionForm form = p.Eat(TokenType.Star) ? FunctionForm.AsyncGenerator : FunctionForm.Async;
                    return ParseMethodProperty(p, start, ParsePropertyName(p), form);
                }

                if (name.Word is KnownName.Get or KnownName.Set)
                    return ParseAccessor(p, start, name.Word == KnownName.Get ? PropertyKind.Get : PropertyKind.Set);
                break;
        }

        return ParseShorthand(p, start, name, ref cover);
    }

    private static Property ParseValueProperty(ProgramParser p, int start, PropertyName name, ref Cover cover, ref bool sawProto)
    {
        p.Next();
        Expression value = Expressions.ParseAssignmentCover(p, ForInit.None, ref cover);
        // Annex B.3.1.
        if (!name.IsComputed && name.Key is Identifier { Name: "__proto__" } or StringLiteral { Value: "__proto__" })
        {
            if (!name.IsComputed && sawProto && cover.SecondProto < 0) cover.SecondProto = name.Key.Start;
            sawProto |= !name.IsComputed;
        }

        return new Property(start, p.Token.LastEnd, false, false, name.IsComputed, name.Key, value, PropertyKind.Init);
    }

    private static Property ParseMethodProperty(ProgramParser p, int start, PropertyName name, FunctionForm form)
    {
        FunctionExpression method = Functions.ParseMethod(p, form, SyntaxContext.SuperProperty, BodyRule.Needed)!;
        return new Property(start, p.Token.LastEnd, true, false, name.IsComputed, name.Key, method, PropertyKind.Init);
    }

    private static Property ParseAccessor(ProgramParser p, int start, PropertyKind kind)
    {
        PropertyName name = ParsePropertyName(p);
        NoTypeParameters(p);
        FunctionExpression method = Functions.ParseMethod(p, FunctionForm.Plain, SyntaxContext.SuperProperty, BodyRule.Needed)!;
        CheckAccessor(p, method, kind == PropertyKind.Get);
        return new Property(start, p.Token.LastEnd, false, false, name.IsComputed, name.Key, method, kind);
    }

    /// <summary>Accessors and constructors have no type parameters of their own.</summary>
    public static void NoTypeParameters(ProgramParser p)
    {
        if (p.Token.Type == TokenType.Less) p.Unexpected("'('");
    }

    // 15.4: a getter has no parameters, a setter exactly one.
    public static void CheckAccessor(ProgramParser p, FunctionExpression method, bool isGetter)
    {
        if (isGetter ? method.Params.Length != 0 : method.Params.Length != 1)
            p.EarlyError(method.Start, isGetter ? "A getter has no parameters" : "A setter has exactly one parameter");
        else if (!isGetter && method.Params[0] is RestElement rest) p.EarlyError(rest.Start, "The parameter of a setter cannot be a rest element");
    }

    private static Property ParseShorthand(ProgramParser p, int start, PropertyName name, ref Cover cover)
    {
        Identifier reference = ToShorthand(p, name);
        if (p.Token.Type != TokenType.Assign) return new Property(start, p.Token.LastEnd, false, true, false, name.Key, reference, PropertyKind.Init);
        // CoverInitializedName: allowed only if the object turns out to be a pattern.
        if (cover.Initializer < 0) cover.Initializer = p.Token.Start;
        p.Next();
        Expression value = Expressions.ParseAssignment(p);
        var target = new AssignmentPattern(start, p.Token.LastEnd, reference, value);
        return new Property(start, p.Token.LastEnd, false, true, false, name.Key, target, PropertyKind.Init);
    }

    /// <summary>The reference or binding that a shorthand property makes.</summary>
    public static Identifier ToShorthand(ProgramParser p, PropertyName name)
    {
        if (name.IsComputed || name.Key is not Identifier identifier || name.Type != TokenType.Identifier)
        {
            p.Unexpected(name.Type == TokenType.Identifier ? "','" : "':'");
            return Placeholder.Missing;
        }

        int number = name.Word != 0 ? name.Word : p.Names.Find(identifier.Name);
        if (number <= KnownName.LastStrictReserved) Identifiers.CheckReserved(p, number, identifier.Start);
        return identifier;
    }

    // PropertyName.
    public static PropertyName ParsePropertyName(ProgramParser p)
    {
        TokenType type = p.Token.Type;
        switch (type)
        {
            case TokenType.String:
                return new PropertyName(Primaries.ParseString(p), false, type, 0);
            case TokenType.Number:
                return new PropertyName(Primaries.ParseNumber(p), false, type, 0);
            case TokenType.BigInt:
                var digits = new BigIntLiteral(p.Token.Start, p.Token.End, p.Token.StringValue);
                p.Next();
                return new PropertyName(digits, false, type, 0);
            case TokenType.LeftBracket:
                p.Next();
                Expression key = Expressions.ParseAssignment(p);
                p.Expect(TokenType.RightBracket);
                return new PropertyName(key, true, type, 0);
            default:
                int word = p.Token.HasEscape ? 0 : p.Token.Name;
                return new PropertyName(Identifiers.ParseIdentifierName(p), false, type, word);
        }
    }
}
