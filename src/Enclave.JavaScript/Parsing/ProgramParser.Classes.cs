using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Classes and their elements (ECMA-262 15.7).</summary>
internal sealed partial class ProgramParser
{
    /// <summary>What the values of fields and static blocks may use.</summary>
    private const SyntaxContext FieldContext = SyntaxContext.NewTarget | SyntaxContext.SuperProperty | SyntaxContext.NoArguments;

    /// <summary>The meaning of a private name in a class. A getter and a setter may share one if both are static or both are not.</summary>
    private enum PrivateKind : byte
    {
        Other,
        Getter,
        Setter,
        StaticGetter,
        StaticSetter,
    }

    private Statement ParseClassStatement(StatementPlace place)
    {
        if (!OpensList(place, "A class")) return s_missingStatement;
        int start = Token.Start;
        Next();
        bool wasStrict = EnterClass();
        Identifier name = ParseIdentifier();
        CheckBinding(name, DeclarationKind.Lexical);
        (Expression? super, ClassBody body) = ParseClassTail(wasStrict);
        return new ClassDeclaration(start, Token.LastEnd, name, super, body);
    }

    private ClassExpression ParseClassExpression()
    {
        int start = Token.Start;
        Next();
        bool wasStrict = EnterClass();
        Identifier? name = ParseClassName();
        (Expression? super, ClassBody body) = ParseClassTail(wasStrict);
        return new ClassExpression(start, Token.LastEnd, name, super, body);
    }

    private Identifier? ParseClassName()
    {
        if (Token.Type is TokenType.Extends or TokenType.LeftBrace || (IsTyped && BeginsClassTypes())) return null;
        Identifier name = ParseIdentifier();
        CheckBinding(name, DeclarationKind.None);
        return name;
    }

    // 11.2.2: all parts of a class are strict code.
    private bool EnterClass()
    {
        bool wasStrict = State.Function.Strict;
        State.Function.Strict = true;
        return wasStrict;
    }

    private (Expression? Super, ClassBody Body) ParseClassTail(bool wasStrict)
    {
        if (IsTyped) SkipTypeParameters();
        Expression? super = Eat(TokenType.Extends) ? ParseHeritage() : null;
        if (IsTyped) SkipImplements();
        ClassBody body = ParseClassBody(super is not null, wasStrict);
        return (super, body);
    }

    // ClassHeritage.
    private Expression ParseHeritage()
    {
        if (!Enter()) return s_missing;
        Cover cover = Cover.Nothing;
        Expression super = ParseLeftHandSide(ref cover, ForInit.None);
        CheckExpression(in cover);
        if (IsTyped && Token.Type == TokenType.Less) SkipTypeArguments();
        if (super.Kind == NodeKind.ArrowFunctionExpression && super.End == Token.LastEnd) UnexpectedAt(super.Start, "parentheses around the function");
        Leave();
        return super;
    }

    private ClassBody ParseClassBody(bool isDerived, bool wasStrict)
    {
        int start = Token.Start;
        Expect(TokenType.LeftBrace);
        int firstUse = PrivateNames.Count;
        State.ClassDepth++;
        Dictionary<string, PrivateKind>? declared = null;
        bool sawConstructor = false;
        List<Identifier>? fields = null;
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (Token.Type == TokenType.End)
            {
                Unexpected("'}'");
                break;
            }

            if (Eat(TokenType.Semicolon)) continue;
            Node? element = IsTyped ? ParseTypedMember(isDerived) : ParseClassElement(isDerived);
            if (element is null) continue;
            if (State.ParameterFields is { } own) (fields, State.ParameterFields) = (own, null);
            CheckElement(element, ref sawConstructor, ref declared);
            Nodes.Push(element);
        }

        ImmutableArray<Node> elements = Nodes.Take<Node>(mark);
        if (fields is not null) elements = [.. Fields(fields), .. elements];
        State.ClassDepth--;
        ResolvePrivateNames(declared, firstUse);
        State.Function.Strict = wasStrict;
        Next();
        return new ClassBody(start, Token.LastEnd, elements);
    }

    private Node ParseClassElement(bool isDerived)
    {
        int start = Token.Start;
        bool isStatic = false;
        PropertyName name = default;
        if (Is(KnownName.Static))
        {
            name = ParsePropertyName();
            if (Token.Type == TokenType.LeftBrace) return ParseStaticBlock(start);
            isStatic = BeginsElementName() || Token.Type == TokenType.Star;
            if (isStatic) name = default;
        }

        FunctionForm form = FunctionForm.Plain;
        MethodKind kind = MethodKind.Method;
        if (name.Key is null && Is(KnownName.Async))
        {
            name = ParsePropertyName();
            if (!Token.NewlineBefore && (BeginsElementName() || Token.Type == TokenType.Star))
            {
                form = FunctionForm.Async;
                name = default;
            }
        }

        if (name.Key is null && Eat(TokenType.Star)) form |= FunctionForm.Generator;
        if (name.Key is null && form == FunctionForm.Plain && (Is(KnownName.Get) || Is(KnownName.Set)))
        {
            MethodKind accessor = Is(KnownName.Get) ? MethodKind.Get : MethodKind.Set;
            name = ParsePropertyName();
            if (BeginsElementName())
            {
                kind = accessor;
                name = default;
            }
        }

        if (name.Key is null) name = ParseElementName();
        return Token.Type == TokenType.LeftParenthesis || kind != MethodKind.Method || form != FunctionForm.Plain
            ? ParseClassMethod(start, isStatic, name, kind, form, isDerived)
            : ParseField(start, isStatic, name);
    }

    private bool BeginsElementName() =>
        Token.Type is TokenType.Identifier or TokenType.PrivateName or TokenType.EscapedReservedWord or TokenType.Number or TokenType.BigInt
        or TokenType.String or TokenType.LeftBracket or TokenType.In or TokenType.InstanceOf or >= TokenType.Break;

    private PropertyName ParseElementName()
    {
        if (Token.Type != TokenType.PrivateName) return ParsePropertyName();
        string text = Names.Text(Token.Name);
        if (ReferenceEquals(text, s_constructor)) EarlyError(Token.Start, "No private name can be '#constructor'");
        var key = new PrivateIdentifier(Token.Start, Token.End, text);
        Next();
        return new PropertyName(key, false, TokenType.PrivateName, 0);
    }

    private static bool IsNamed(in PropertyName name, string text) =>
        !name.IsComputed && (name.Key is Identifier identifier ? identifier.Name == text : name.Key is StringLiteral literal && literal.Value == text);

    private MethodDefinition ParseClassMethod(int start, bool isStatic, PropertyName name, MethodKind kind, FunctionForm form, bool isDerived) =>
        ParseClassMethod(start, isStatic, name, kind, form, isDerived, BodyRule.Needed)!;

    private MethodDefinition? ParseClassMethod(int start, bool isStatic, PropertyName name, MethodKind kind, FunctionForm form, bool isDerived, BodyRule rule)
    {
        bool isConstructor = !isStatic && IsNamed(in name, "constructor");
        if (isConstructor && (kind != MethodKind.Method || form != FunctionForm.Plain))
            EarlyError(name.Key.Start, "A constructor cannot be a getter, a setter, a generator or async");
        if (isStatic && IsNamed(in name, "prototype")) EarlyError(name.Key.Start, "A class cannot have a static member named 'prototype'");
        SyntaxContext super = isConstructor && isDerived ? SyntaxContext.SuperProperty | SyntaxContext.SuperCall : SyntaxContext.SuperProperty;
        List<Identifier>? properties = IsTyped && isConstructor ? [] : null;
        State.ParameterProperties = properties;
        FunctionExpression? method = ParseMethod(form, super, rule);
        if (properties is not null) method = WithParameterProperties(method, properties, isDerived);
        if (method is null) return null;
        if (kind != MethodKind.Method) CheckAccessor(method, kind == MethodKind.Get);
        return new MethodDefinition(start, Token.LastEnd, isStatic, name.IsComputed, name.Key, isConstructor ? MethodKind.Constructor : kind, method);
    }

    private PropertyDefinition ParseField(int start, bool isStatic, PropertyName name)
    {
        if (IsNamed(in name, "constructor")) EarlyError(name.Key.Start, "A class cannot have a field named 'constructor'");
        if (isStatic && IsNamed(in name, "prototype")) EarlyError(name.Key.Start, "A class cannot have a static member named 'prototype'");
        Expression? value = null;
        if (Eat(TokenType.Assign))
        {
            // 15.7.1: a function of its own, in whose body arguments is an error.
            FunctionState outer = EnterFunction(FunctionForm.Plain, FieldContext);
            value = ParseAssignment();
            LeaveFunction(in outer);
        }

        Semicolon();
        return new PropertyDefinition(start, Token.LastEnd, isStatic, name.IsComputed, name.Key, value);
    }

    private StaticBlock ParseStaticBlock(int start)
    {
        FunctionState outer = EnterFunction(FunctionForm.Plain, FieldContext | SyntaxContext.NoAwait);
        Next();
        ImmutableArray<Statement> body = ParseStatementsToBrace();
        LeaveFunction(in outer);
        return new StaticBlock(start, Token.LastEnd, body);
    }

    private void CheckElement(Node element, ref bool sawConstructor, ref Dictionary<string, PrivateKind>? declared)
    {
        if (element is MethodDefinition { MethodKind: MethodKind.Constructor })
        {
            if (sawConstructor) EarlyError(element.Start, "A class can have only one constructor");
            sawConstructor = true;
        }

        Expression? key = element is MethodDefinition method ? method.Key : (element as PropertyDefinition)?.Key;
        if (key is not PrivateIdentifier name) return;
        PrivateKind kind = element is MethodDefinition definition ? KindOf(definition) : PrivateKind.Other;
        declared ??= [];
        if (declared.TryAdd(name.Name, kind)) return;
        PrivateKind other = declared[name.Name];
        bool isPair = (kind, other) is (PrivateKind.Getter, PrivateKind.Setter) or (PrivateKind.Setter, PrivateKind.Getter)
            or (PrivateKind.StaticGetter, PrivateKind.StaticSetter) or (PrivateKind.StaticSetter, PrivateKind.StaticGetter);
        if (!isPair) EarlyError(key.Start, $"'#{name.Name}' is already declared in this class");
        declared[name.Name] = PrivateKind.Other;
    }

    private static PrivateKind KindOf(MethodDefinition method) => method.MethodKind switch
    {
        MethodKind.Get => method.IsStatic ? PrivateKind.StaticGetter : PrivateKind.Getter,
        MethodKind.Set => method.IsStatic ? PrivateKind.StaticSetter : PrivateKind.Setter,
        _ => PrivateKind.Other,
    };
}
