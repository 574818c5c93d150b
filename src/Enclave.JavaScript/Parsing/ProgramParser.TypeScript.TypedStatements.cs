using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Declarations of TypeScript: type aliases, interfaces, ambient declarations, namespaces.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>Reads a statement that begins with a word of TypeScript. If it is an expression, returns null and reads nothing.</summary>
    private Statement? ParseTypedStatement(StatementPlace place)
    {
        if (!BeginsTypedDeclaration()) return null;
        int start = Token.Start;
        switch (Token.Name)
        {
            case KnownName.Abstract:
                Drop();
                return ParseStatement(place);
            case KnownName.TypeWord:
                SkipTypeAlias();
                break;
            case KnownName.Interface:
                SkipInterface();
                break;
            case KnownName.Declare:
                Next();
                if (Token.Type == TokenType.Identifier && !BeginsTypedDeclaration() && !Is(KnownName.Let) && !Is(KnownName.Async) && !Is(KnownName.Using))
                    Unexpected("a declaration");
                SkipDescribed();
                break;
            default:
                return SkipNamespace(start) ?? (Statement)Erased(place);
        }

        return Erased(place);
    }

    /// <summary>True if the current word of TypeScript begins a declaration.</summary>
    private bool BeginsTypedDeclaration()
    {
        if (Token.HasEscape || !(Token.Name is (>= KnownName.FirstTyped and <= KnownName.LastTyped) or KnownName.Interface)) return false;
        int next = PeekToken(Token.Position, out bool newline);
        if (newline && Token.Name != KnownName.Global) return false;
        return Token.Name switch
        {
            KnownName.Abstract => IsWordAt(next, "class"),
            KnownName.TypeWord or KnownName.Interface => IsNameAt(next),
            KnownName.Namespace => IsNameAt(next),
            KnownName.Module => IsNameAt(next) || Peek(next) is '"' or '\'',
            KnownName.Global => Peek(next) == '{',
            _ => BeginsDescribed(next),
        };
    }

    // The declarations that may stand behind 'declare'.
    private bool BeginsDescribed(int at)
    {
        if (!IsAnyWordAt(at)) return false;
        int end = WordEnd(at);
        return Source.AsSpan(at, end - at) is "abstract" or "async" or "class" or "const" or "enum" or "function" or "global" or "import"
            or "interface" or "let"
            or "module" or "namespace" or "type" or "var" or "using";
    }

    /// <summary>Reads a declaration that only describes something that exists elsewhere.</summary>
    private void SkipDescribed()
    {
        bool wasDescribed = State.IsDescribed;
        State.IsDescribed = true;
        State.Ambient++;
        if (!ReferenceEquals(ParseStatement(StatementPlace.Top), s_erased)) State.DescribesValue = true;
        State.Ambient--;
        State.IsDescribed = wasDescribed;
    }

    // type T<U> = V;
    private void SkipTypeAlias()
    {
        Next();
        SkipName();
        SkipTypeParameters();
        Expect(TokenType.Assign);
        SkipType();
        Semicolon();
    }

    // interface I<T> extends J { … }
    private void SkipInterface()
    {
        Next();
        SkipName();
        SkipTypeParameters();
        State.Ambient++;
        if (Eat(TokenType.Extends)) SkipHeritageList();
        State.Ambient--;
        if (!Enter()) return;
        SkipMembers();
        Leave();
    }

    // namespace A.B { … }, module 'a' { … }, module 'a'; and global { … }.
    private BlockStatement? SkipNamespace(int start)
    {
        Identifier? name = null;
        bool isGlobal = Token.Name == KnownName.Global;
        Next();
        if ((isGlobal || Token.Type == TokenType.String) && !State.IsDescribed)
            Fail(ParseErrorCode.Syntax, start, "Only 'declare' can stand in front of a description of another module");
        if (Token.Type == TokenType.String)
        {
            Next();
            if (Token.Type != TokenType.LeftBrace)
            {
                State.DescribesValue = true;
                Semicolon();
                return null;
            }
        }
        else if (!isGlobal)
        {
            name = ParseIdentifier();
            while (Eat(TokenType.Dot)) SkipWord();
        }

        return SkipNamespaceBody(start, name);
    }

    /// <summary>Reads the body. Null if it has only types; if it has values, that is an error, and what stands for it is returned.</summary>
    private BlockStatement? SkipNamespaceBody(int start, Identifier? name)
    {
        bool hasValues = false, describedValue = State.DescribesValue;
        int mark = Nodes.Count;
        State.Ambient++;
        Expect(TokenType.LeftBrace);
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (Token.Type == TokenType.End) Unexpected("'}'");
            State.DescribesValue = false;
            Statement statement = ParseStatement(StatementPlace.Top);
            if (!ReferenceEquals(statement, s_erased)) State.DescribesValue = true;
            if (statement is ExportNamedDeclaration { Declaration: { } exported }) statement = exported;
            if (statement.Kind is not (NodeKind.ExportNamedDeclaration or NodeKind.ExportAllDeclaration or NodeKind.ExportDefaultDeclaration
                or NodeKind.ImportDeclaration)) PushStatement(statement);
            hasValues |= State.DescribesValue;
        }

        ImmutableArray<Statement> body = Nodes.Take<Statement>(mark);
        Next();
        State.Ambient--;
        State.DescribesValue = hasValues || describedValue;
        if (!hasValues || State.IsDescribed || Failed) return null;
        NotErasable(start, "A namespace with values", "write a module, or an object with these properties");
        return Stead(start, Token.LastEnd, name, body);
    }
}
