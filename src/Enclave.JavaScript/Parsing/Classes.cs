using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Classes and their elements (ECMA-262 15.7).</summary>
internal static partial class Classes
{
    /// <summary>The context of values of fields, and of static blocks.</summary>
    private const SyntaxContext FieldContext = SyntaxContext.NewTarget | SyntaxContext.SuperProperty | SyntaxContext.NoArguments;

    private static readonly string s_constructor = KnownName.Contextual[KnownName.Constructor];

    /// <summary>The meaning of a private name in a class. A getter and a setter may share one if both are static or both are not.</summary>
    private enum PrivateKind : byte
    {
        Other,
        Getter,
        Setter,
        StaticGetter,
        StaticSetter,
    }

    public static Statement ParseClassStatement(ProgramParser p, StatementPlace place)
    {
        if (!Statements.OpensList(p, place, "A class")) return Placeholder.MissingStatement;
        int start = p.Token.Start;
        p.Next();
        bool wasStrict = EnterClass(p);
        Identifier name = Identifiers.ParseIdentifier(p);
        Identifiers.CheckBinding(p, name, DeclarationKind.Lexical);
        (Expression? super, ClassBody body) = ParseClassTail(p, wasStrict);
        return new ClassDeclaration(start, p.Token.LastEnd, name, super, body);
    }

    public static ClassExpression ParseClassExpression(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        bool wasStrict = EnterClass(p);
        Identifier? name = ParseClassName(p);
        (Expression? super, ClassBody body) = ParseClassTail(p, wasStrict);
        return new ClassExpression(start, p.Token.LastEnd, name, super, body);
    }

    public static Identifier? ParseClassName(ProgramParser p)
    {
        if (p.Token.Type is TokenType.Extends or TokenType.LeftBrace || (p.IsTyped && BeginsClassTypes(p))) return null;
        Identifier name = Identifiers.ParseIdentifier(p);
        Identifiers.CheckBinding(p, name, DeclarationKind.None);
        return name;
    }

    // 11.2.2: all parts of a class are strict code.
    public static bool EnterClass(ProgramParser p)
    {
        bool wasStrict = p.State.Function.Strict;
        p.State.Function.Strict = true;
        return wasStrict;
    }

    public static (Expression? Super, ClassBody Body) ParseClassTail(ProgramParser p, bool wasStrict)
    {
        if (p.IsTyped) Types.SkipTypeParameters(p);
        Expression? super = p.Eat(TokenType.Extends) ? ParseHeritage(p) : null;
        if (p.IsTyped) SkipImplements(p);
        ClassBody body = ParseClassBody(p, super is not null, wasStrict);
        return (super, body);
    }

    // ClassHeritage.
    private static Expression ParseHeritage(ProgramParser p)
    {
        if (!p.Enter()) return Placeholder.Missing;
        Cover cover = Cover.Nothing;
        Expression super = LeftHandSides.ParseLeftHandSide(p, ref cover, ForInit.None);
        Patterns.CheckExpression(p, in cover);
        if (p.IsTyped && p.Token.Type == TokenType.Less) Types.SkipTypeArguments(p);
        if (super.Kind == NodeKind.ArrowFunctionExpression && super.End == p.Token.LastEnd) p.UnexpectedAt(super.Start, "parentheses around the function");
        p.Leave();
        return super;
    }

    private static ClassBody ParseClassBody(ProgramParser p, bool isDerived, bool wasStrict)
    {
        int start = p.Token.Start;
        p.Expect(TokenType.LeftBrace);
        int firstUse = p.PrivateUses.Count;
        p.State.ClassDepth++;
        Dictionary<string, PrivateKind>? declared = null;
        bool sawConstructor = false;
        List<Identifier>? fields = null;
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (p.Token.Type == TokenType.End)
            {
                p.Unexpected("'}'");
                break;
            }

            if (p.Eat(TokenType.Semicolon)) continue;
            Node? element = p.IsTyped ? ParseTypedMember(p, isDerived) : ParseClassElement(p, isDerived);
            if (element is null) continue;
            if (p.State.ParameterFields is { } own) (fields, p.State.ParameterFields) = (own, null);
            CheckElement(p, element, ref sawConstructor, ref declared);
            p.Nodes.Push(element);
        }

        ImmutableArray<Node> elements = p.Nodes.Take<Node>(mark);
        if (fields is not null) elements = [.. Fields(fields), .. elements];
        p.State.ClassDepth--;
        ResolvePrivateNames(p, declared, firstUse);
        p.State.Function.Strict = wasStrict;
        p.Next();
        return new ClassBody(start, p.Token.LastEnd, elements);
    }

    /// <summary>Marks the uses of a class's private names when the class ends. Outside of all classes, unmarked uses are errors.</summary>
    private static void ResolvePrivateNames(ProgramParser p, Dictionary<string, PrivateKind>? declared, int firstUse)
    {
        if (declared is not null)
        {
            foreach (string name in declared.Keys) p.PrivateUses.Declare(name, firstUse);
        }

        if (p.State.ClassDepth > 0) return;
        if (p.PrivateUses.FirstUndeclared() is { } use) p.EarlyError(use.Offset, $"The private name '#{use.Name}' is not declared in a class around it");
        p.PrivateUses.Clear();
    }

    private static Node ParseClassElement(ProgramParser p, bool isDerived)
    {
        int start = p.Token.Start;
        bool isStatic = false;
        PropertyName name = default;
        if (p.Is(KnownName.Static))
        {
            name = Objects.ParsePropertyName(p);
            if (p.Token.Type == TokenType.LeftBrace) return ParseStaticBlock(p, start);
            isStatic = BeginsElementName(p) || p.Token.Type == TokenType.Star;
            if (isStatic) name = default;
        }

        (FunctionForm form, MethodKind kind) = ParseElementHead(p, ref name);
        return p.Token.Type == TokenType.LeftParenthesis || kind != MethodKind.Method || form != FunctionForm.Plain
            ? ParseClassMethod(p, start, isStatic, name, kind, form, isDerived, BodyRule.Needed)!
            : ParseField(p, start, isStatic, name);
    }

    /// <summary>Reads 'async', '*', 'get' or 'set', and the name. Each of the words may be the name itself.</summary>
    private static (FunctionForm Form, MethodKind Kind) ParseElementHead(ProgramParser p, ref PropertyName name)
    {
        FunctionForm form = FunctionForm.Plain;
        MethodKind kind = MethodKind.Method;
        if (name.Key is null && p.Is(KnownName.Async))
        {
            name = Objects.ParsePropertyName(p);
            if (!p.Token.NewlineBefore && (BeginsElementName(p) || p.Token.Type == TokenType.Star))
            {
                form = FunctionForm.Async;
                name = default;
            }
        }

        if (name.Key is null && p.Eat(TokenType.Star)) form |= FunctionForm.Generator;
        if (name.Key is null && form == FunctionForm.Plain && (p.Is(KnownName.Get) || p.Is(KnownName.Set)))
        {
            MethodKind accessor = p.Is(KnownName.Get) ? MethodKind.Get : MethodKind.Set;
            name = Objects.ParsePropertyName(p);
            if (BeginsElementName(p))
            {
                kind = accessor;
                name = default;
            }
        }

        if (name.Key is null) name = ParseElementName(p);
        return (form, kind);
    }

    private static bool BeginsElementName(ProgramParser p) =>
        p.Token.Type is TokenType.Identifier or TokenType.PrivateName or TokenType.EscapedReservedWord or TokenType.Number or TokenType.BigInt
        or TokenType.String or TokenType.LeftBracket or TokenType.In or TokenType.InstanceOf or >= TokenType.Break;

    private static PropertyName ParseElementName(ProgramParser p)
    {
        if (p.Token.Type != TokenType.PrivateName) return Objects.ParsePropertyName(p);
        string text = p.Names.Text(p.Token.Name);
        if (ReferenceEquals(text, s_constructor)) p.EarlyError(p.Token.Start, "No private name can be '#constructor'");
        var key = new PrivateIdentifier(p.Token.Start, p.Token.End, text);
        p.Next();
        return new PropertyName(key, false, TokenType.PrivateName, 0);
    }

    private static bool IsNamed(in PropertyName name, string text) =>
        !name.IsComputed && (name.Key is Identifier identifier ? identifier.Name == text : name.Key is StringLiteral literal && literal.Value == text);

    private static MethodDefinition? ParseClassMethod(
        ProgramParser p, int start, bool isStatic, PropertyName name, MethodKind kind, FunctionForm form, bool isDerived, BodyRule rule)
    {
        bool isConstructor = !isStatic && IsNamed(in name, "constructor");
        if (isConstructor && (kind != MethodKind.Method || form != FunctionForm.Plain))
            p.EarlyError(name.Key.Start, "A constructor cannot be a getter, a setter, a generator or async");
        if (isStatic && IsNamed(in name, "prototype")) p.EarlyError(name.Key.Start, "A class cannot have a static member named 'prototype'");
        SyntaxContext super = isConstructor && isDerived ? SyntaxContext.SuperProperty | SyntaxContext.SuperCall : SyntaxContext.SuperProperty;
        if (isConstructor || kind != MethodKind.Method) Objects.NoTypeParameters(p);
        List<Identifier>? properties = p.IsTyped && isConstructor ? [] : null;
        p.State.ParameterProperties = properties;
        FunctionExpression? method = Functions.ParseMethod(p, form, super, rule);
        if (properties is not null) method = WithParameterProperties(p, method, properties, isDerived);
        if (method is null) return null;
        if (kind != MethodKind.Method) Objects.CheckAccessor(p, method, kind == MethodKind.Get);
        return new MethodDefinition(start, p.Token.LastEnd, isStatic, name.IsComputed, name.Key, isConstructor ? MethodKind.Constructor : kind, method);
    }

    private static PropertyDefinition ParseField(ProgramParser p, int start, bool isStatic, PropertyName name)
    {
        if (IsNamed(in name, "constructor")) p.EarlyError(name.Key.Start, "A class cannot have a field named 'constructor'");
        if (isStatic && IsNamed(in name, "prototype")) p.EarlyError(name.Key.Start, "A class cannot have a static member named 'prototype'");
        Expression? value = null;
        if (p.Eat(TokenType.Assign))
        {
            // 15.7.1: a function of its own, in whose body arguments is an error.
            FunctionState outer = Functions.EnterFunction(p, FunctionForm.Plain, FieldContext);
            value = Expressions.ParseAssignment(p);
            Functions.LeaveFunction(p, in outer);
        }

        p.Semicolon();
        return new PropertyDefinition(start, p.Token.LastEnd, isStatic, name.IsComputed, name.Key, value);
    }

    private static StaticBlock ParseStaticBlock(ProgramParser p, int start)
    {
        FunctionState outer = Functions.EnterFunction(p, FunctionForm.Plain, FieldContext | SyntaxContext.NoAwait);
        p.Next();
        ImmutableArray<Statement> body = Statements.ParseStatementsToBrace(p);
        Functions.LeaveFunction(p, in outer);
        return new StaticBlock(start, p.Token.LastEnd, body);
    }

    private static void CheckElement(ProgramParser p, Node element, ref bool sawConstructor, ref Dictionary<string, PrivateKind>? declared)
    {
        if (element is MethodDefinition { MethodKind: MethodKind.Constructor })
        {
            if (sawConstructor) p.EarlyError(element.Start, "A class can have only one constructor");
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
        if (!isPair) p.EarlyError(key.Start, $"'#{name.Name}' is already declared in this class");
        declared[name.Name] = PrivateKind.Other;
    }

    private static PrivateKind KindOf(MethodDefinition method) => method.MethodKind switch
    {
        MethodKind.Get => method.IsStatic ? PrivateKind.StaticGetter : PrivateKind.Getter,
        MethodKind.Set => method.IsStatic ? PrivateKind.StaticSetter : PrivateKind.Setter,
        _ => PrivateKind.Other,
    };
}
