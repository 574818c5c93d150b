using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Declarations of TypeScript: type aliases, interfaces, ambient declarations, namespaces.</summary>
internal static class TypedStatements
{
    /// <summary>Reads a statement that begins with a word of TypeScript. If it is an expression, returns null and reads nothing.</summary>
    public static Statement? ParseTypedStatement(ProgramParser p, StatementPlace place)
    {
        if (!BeginsTypedDeclaration(p))
        {
            if (place <= StatementPlace.List) CheckModifier(p);
            return null;
        }

        int start = p.Token.Start;
        switch (p.Token.Name)
        {
            case KnownName.Abstract:
                p.Drop();
                return Statements.ParseStatement(p, place);
            case KnownName.TypeWord:
                SkipTypeAlias(p);
                break;
            case KnownName.Interface:
                SkipInterface(p);
                break;
            case KnownName.Declare:
                p.Next();
                bool isPlain = p.Is(KnownName.Let) || p.Is(KnownName.Async) || p.Is(KnownName.Using);
                if (p.Token.Type == TokenType.Identifier && !isPlain && !BeginsTypedDeclaration(p)) p.Unexpected("a declaration");
                SkipDescribed(p);
                break;
            default:
                return SkipNamespace(p, start) ?? (Statement)Placeholder.ErasedAt(place, p.Token.LastEnd);
        }

        return Placeholder.ErasedAt(place, p.Token.LastEnd);
    }

    // In a list of statements a modifier and a word are a declaration, also if the word could be an operator behind a name.
    private static void CheckModifier(ProgramParser p)
    {
        bool isModifier = p.Token.Name is KnownName.Accessor or KnownName.Public or KnownName.Private or KnownName.Protected or KnownName.Static
            or KnownName.ReadOnly;
        if (!isModifier || p.Token.HasEscape) return;
        int next = p.PeekToken(p.Token.Position, out bool newline);
        if (newline) return;
        bool isOperator = p.IsWordAt(next, "as") || p.IsWordAt(next, "satisfies");
        // In JavaScript an expression may continue with these two operators. An ambient declaration has no expression statements, so they are errors there.
        if (p.State.Ambient > 0) isOperator |= p.IsWordAt(next, "in") || p.IsWordAt(next, "instanceof");
        if (!isOperator) return;
        p.Fail(ParseErrorCode.Syntax, next, $"A declaration has to follow '{p.Names.Text(p.Token.Name)}' here; put the expression into parentheses");
    }

    /// <summary>True if the current word of TypeScript begins a declaration.</summary>
    public static bool BeginsTypedDeclaration(ProgramParser p)
    {
        if (p.Token.HasEscape || !(p.Token.Name is (>= KnownName.FirstTyped and <= KnownName.LastTyped) or KnownName.Interface)) return false;
        int next = p.PeekToken(p.Token.Position, out bool newline);
        if (newline && p.Token.Name != KnownName.Global) return false;
        return p.Token.Name switch
        {
            KnownName.Abstract => p.IsWordAt(next, "class"),
            KnownName.TypeWord or KnownName.Interface => p.IsNameAt(next),
            KnownName.Namespace => p.IsNameAt(next),
            KnownName.Module => p.IsNameAt(next) || p.Peek(next) is '"' or '\'',
            KnownName.Global => p.Peek(next) == '{',
            _ => BeginsDescribed(p, next),
        };
    }

    // The declarations that may stand behind 'declare'.
    private static bool BeginsDescribed(ProgramParser p, int at)
    {
        if (!p.IsAnyWordAt(at)) return false;
        int end = p.WordEnd(at);
        return p.Source.AsSpan(at, end - at) is "abstract" or "async" or "class" or "const" or "enum" or "function" or "global" or "import"
            or "interface" or "let"
            or "module" or "namespace" or "type" or "var" or "using";
    }

    /// <summary>Reads a declaration that only describes something that exists elsewhere.</summary>
    private static void SkipDescribed(ProgramParser p)
    {
        bool wasDescribed = p.State.IsDescribed;
        p.State.IsDescribed = true;
        p.State.Ambient++;
        if (!ReferenceEquals(Statements.ParseStatement(p, StatementPlace.Top), Placeholder.Erased)) p.State.DescribesValue = true;
        p.State.Ambient--;
        p.State.IsDescribed = wasDescribed;
    }

    // type T<U> = V;
    private static void SkipTypeAlias(ProgramParser p)
    {
        p.Next();
        p.SkipName();
        Types.SkipTypeParameters(p);
        p.Expect(TokenType.Assign);
        Types.SkipType(p);
        p.Semicolon();
    }

    // interface I<T> extends J { … }
    public static void SkipInterface(ProgramParser p)
    {
        p.Next();
        p.SkipName();
        Types.SkipTypeParameters(p);
        p.State.Ambient++;
        if (p.Eat(TokenType.Extends)) Classes.SkipHeritageList(p);
        p.State.Ambient--;
        if (!p.Enter()) return;
        Types.SkipMembers(p);
        p.Leave();
    }

    // namespace A.B { … }, module 'a' { … }, module 'a'; and global { … }.
    private static BlockStatement? SkipNamespace(ProgramParser p, int start)
    {
        Identifier? name = null;
        bool isGlobal = p.Token.Name == KnownName.Global;
        p.Next();
        if ((isGlobal || p.Token.Type == TokenType.String) && !p.State.IsDescribed)
            p.Fail(ParseErrorCode.Syntax, start, "Only 'declare' can stand in front of a description of another module");
        if (p.Token.Type == TokenType.String)
        {
            p.Next();
            if (p.Token.Type != TokenType.LeftBrace)
            {
                p.State.DescribesValue = true;
                p.Semicolon();
                return null;
            }
        }
        else if (!isGlobal)
        {
            name = Identifiers.ParseIdentifier(p);
            while (p.Eat(TokenType.Dot)) p.SkipWord();
        }

        return SkipNamespaceBody(p, start, name);
    }

    /// <summary>Reads the body. Null if it has only types. If it has values, that is an error, and a placeholder is returned.</summary>
    private static BlockStatement? SkipNamespaceBody(ProgramParser p, int start, Identifier? name)
    {
        bool hasValues = false, describedValue = p.State.DescribesValue;
        int mark = p.Nodes.Count;
        p.State.Ambient++;
        p.Expect(TokenType.LeftBrace);
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (p.Token.Type == TokenType.End) p.Unexpected("'}'");
            p.State.DescribesValue = false;
            Statement statement = Statements.ParseStatement(p, StatementPlace.Top);
            if (!ReferenceEquals(statement, Placeholder.Erased)) p.State.DescribesValue = true;
            if (statement is ExportNamedDeclaration { Declaration: { } exported }) statement = exported;
            if (statement.Kind is not (NodeKind.ExportNamedDeclaration or NodeKind.ExportAllDeclaration or NodeKind.ExportDefaultDeclaration
                or NodeKind.ImportDeclaration)) p.PushStatement(statement);
            hasValues |= p.State.DescribesValue;
        }

        ImmutableArray<Statement> body = p.Nodes.Take<Statement>(mark);
        p.Next();
        p.State.Ambient--;
        p.State.DescribesValue = hasValues || describedValue;
        if (!hasValues || p.State.IsDescribed || p.Failed) return null;
        p.NotErasable(start, "A namespace with values", "write an object with these properties, const Name = { … }");
        return Placeholder.Stead(start, p.Token.LastEnd, name, body);
    }
}
