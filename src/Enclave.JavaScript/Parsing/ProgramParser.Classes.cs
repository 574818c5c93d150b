using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Classes and their elements (ECMA-262 15.7).</summary>
internal sealed partial class ProgramParser
{
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
        int start = Start;
        Next();
        bool wasStrict = EnterClass();
        Identifier name = ParseIdentifier();
        CheckBinding(name, BindingKind.Lexical);
        (Expression? super, ClassBody body) = ParseClassTail(wasStrict);
        return new ClassDeclaration(start, LastEnd, name, super, body);
    }

    private ClassExpression ParseClassExpression()
    {
        int start = Start;
        Next();
        bool wasStrict = EnterClass();
        Identifier? name = ParseClassName();
        (Expression? super, ClassBody body) = ParseClassTail(wasStrict);
        return new ClassExpression(start, LastEnd, name, super, body);
    }

    private Identifier? ParseClassName()
    {
        if (Type is TokenType.Extends or TokenType.LeftBrace || (_isTyped && BeginsClassTypes())) return null;
        Identifier name = ParseIdentifier();
        CheckBinding(name, BindingKind.None);
        return name;
    }

    // 11.2.2: all parts of a class are strict code.
    private bool EnterClass()
    {
        bool wasStrict = _strict;
        _strict = true;
        return wasStrict;
    }

    private (Expression? Super, ClassBody Body) ParseClassTail(bool wasStrict)
    {
        if (_isTyped) SkipTypeParameters();
        Expression? super = Eat(TokenType.Extends) ? ParseHeritage() : null;
        if (_isTyped) SkipImplements();
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
        if (_isTyped && Type == TokenType.Less) SkipTypeArguments();
        if (super.Kind == NodeKind.ArrowFunctionExpression && super.End == LastEnd) UnexpectedAt(super.Start, "parentheses around the function");
        Leave();
        return super;
    }

    private ClassBody ParseClassBody(bool isDerived, bool wasStrict)
    {
        int start = Start;
        Expect(TokenType.LeftBrace);
        int firstUse = _privateUses.Count;
        _classDepth++;
        Dictionary<string, PrivateKind>? declared = null;
        bool sawConstructor = false;
        List<Identifier>? fields = null;
        int mark = _nodeCount;
        while (Type != TokenType.RightBrace && !Failed)
        {
            if (Type == TokenType.End)
            {
                Unexpected("'}'");
                break;
            }

            if (Eat(TokenType.Semicolon)) continue;
            Node? element = _isTyped ? ParseTypedMember(isDerived) : ParseClassElement(isDerived);
            if (element is null) continue;
            if (_parameterFields is { } own) (fields, _parameterFields) = (own, null);
            CheckElement(element, ref sawConstructor, ref declared);
            Push(element);
        }

        ImmutableArray<Node> elements = Take<Node>(mark);
        if (fields is not null) elements = [.. Fields(fields), .. elements];
        _classDepth--;
        ResolvePrivateNames(declared, firstUse);
        _strict = wasStrict;
        Next();
        return new ClassBody(start, LastEnd, elements);
    }

    private Node ParseClassElement(bool isDerived)
    {
        int start = Start;
        bool isStatic = false;
        PropertyName name = default;
        if (Is(KnownName.Static))
        {
            name = ParsePropertyName();
            if (Type == TokenType.LeftBrace) return ParseStaticBlock(start);
            isStatic = BeginsElementName() || Type == TokenType.Star;
            if (isStatic) name = default;
        }

        FunctionForm form = FunctionForm.Plain;
        MethodKind kind = MethodKind.Method;
        if (name.Key is null && Is(KnownName.Async))
        {
            name = ParsePropertyName();
            if (!NewlineBefore && (BeginsElementName() || Type == TokenType.Star))
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
        return Type == TokenType.LeftParenthesis || kind != MethodKind.Method || form != FunctionForm.Plain
            ? ParseClassMethod(start, isStatic, name, kind, form, isDerived)
            : ParseField(start, isStatic, name);
    }

    private bool BeginsElementName() =>
        Type is TokenType.Identifier or TokenType.PrivateName or TokenType.EscapedReservedWord or TokenType.Number or TokenType.BigInt
        or TokenType.String or TokenType.LeftBracket or TokenType.In or TokenType.InstanceOf or >= TokenType.Break;

    private PropertyName ParseElementName()
    {
        if (Type != TokenType.PrivateName) return ParsePropertyName();
        string text = Names.Text(Name);
        if (ReferenceEquals(text, s_constructor)) EarlyError(Start, "No private name can be '#constructor'");
        var key = new PrivateIdentifier(Start, End, text);
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
        Context super = isConstructor && isDerived ? Context.SuperProperty | Context.SuperCall : Context.SuperProperty;
        List<Identifier>? properties = _isTyped && isConstructor ? [] : null;
        _parameterProperties = properties;
        FunctionExpression? method = ParseMethod(form, super, rule);
        if (properties is not null) method = WithParameterProperties(method, properties, isDerived);
        if (method is null) return null;
        if (kind != MethodKind.Method) CheckAccessor(method, kind == MethodKind.Get);
        return new MethodDefinition(start, LastEnd, isStatic, name.IsComputed, name.Key, isConstructor ? MethodKind.Constructor : kind, method);
    }

    private PropertyDefinition ParseField(int start, bool isStatic, PropertyName name)
    {
        if (IsNamed(in name, "constructor")) EarlyError(name.Key.Start, "A class cannot have a field named 'constructor'");
        if (isStatic && IsNamed(in name, "prototype")) EarlyError(name.Key.Start, "A class cannot have a static member named 'prototype'");
        Expression? value = null;
        if (Eat(TokenType.Assign))
        {
            // 15.7.1: a function of its own, in whose body arguments is an error.
            Outer outer = EnterFunction(FunctionForm.Plain, Context.NewTarget | Context.SuperProperty | Context.NoArguments);
            value = ParseAssignment();
            LeaveFunction(in outer);
        }

        Semicolon();
        return new PropertyDefinition(start, LastEnd, isStatic, name.IsComputed, name.Key, value);
    }

    private StaticBlock ParseStaticBlock(int start)
    {
        Outer outer = EnterFunction(FunctionForm.Plain, Context.NewTarget | Context.SuperProperty | Context.NoArguments | Context.NoAwait);
        Next();
        ImmutableArray<Statement> body = ParseStatementsToBrace();
        LeaveFunction(in outer);
        return new StaticBlock(start, LastEnd, body);
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
