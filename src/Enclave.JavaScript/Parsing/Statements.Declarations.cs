using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Declarations of variables (ECMA-262 14.3, and using of the explicit resource management proposal).</summary>
internal static partial class Statements
{
    private enum DeclarationPlace : byte
    {
        Statement,

        /// <summary>In the parentheses of a for loop: no value is needed before in and of.</summary>
        ForHead,
    }

    // 14.3.2 Variable Statement.
    private static VariableDeclaration ParseVariableStatement(ProgramParser p, VariableKind kind)
    {
        int start = p.Token.Start;
        p.Next();
        VariableDeclaration declaration = ParseDeclarators(p, start, kind, DeclarationPlace.Statement);
        p.Semicolon();
        return new VariableDeclaration(start, p.Token.LastEnd, declaration.Declarations, kind);
    }

    // 14.3.1 Let and Const Declarations.
    private static Statement ParseLexicalDeclaration(ProgramParser p, VariableKind kind, StatementPlace place) =>
        OpensList(p, place, kind == VariableKind.Let ? "A 'let' variable" : "A constant") ? ParseVariableStatement(p, kind) : Placeholder.MissingStatement;

    private static Statement ParseUsing(ProgramParser p, VariableKind kind, StatementPlace place)
    {
        RegionKind here = p.Scopes.Here;
        if (here == RegionKind.Switch || (here == RegionKind.Top && !p.IsModule && (p.Options.TopLevel & TopLevel.Return) == 0))
        {
            p.EarlyError(p.Token.Start, "A 'using' declaration cannot stand at the top of a script or directly in a switch; put it into a block");
        }

        int start = p.Token.Start;
        if (!OpensList(p, place, "A 'using' variable")) return Placeholder.MissingStatement;
        if (kind == VariableKind.AwaitUsing)
        {
            if (p.State.Function.AwaitAt == 0) p.State.Function.AwaitAt = p.Token.Start + 1;
            p.Next();
        }

        p.Next();
        VariableDeclaration declaration = ParseDeclarators(p, start, kind, DeclarationPlace.Statement);
        p.Semicolon();
        return new VariableDeclaration(start, p.Token.LastEnd, declaration.Declarations, kind);
    }

    private static VariableDeclaration ParseDeclarators(ProgramParser p, int start, VariableKind kind, DeclarationPlace place)
    {
        int mark = p.Nodes.Count;
        do
        {
            p.Nodes.Push(ParseDeclarator(p, kind, place));
        }
        while (p.Eat(TokenType.Comma));
        return new VariableDeclaration(start, p.Token.LastEnd, p.Nodes.Take<VariableDeclarator>(mark), kind);
    }

    private static VariableDeclarator ParseDeclarator(ProgramParser p, VariableKind kind, DeclarationPlace place)
    {
        int start = p.Token.Start;
        Node id = kind >= VariableKind.Using ? Identifiers.ParseIdentifier(p) : Patterns.ParseBindingTarget(p);
        Patterns.CheckPattern(p, id, kind == VariableKind.Var ? DeclarationKind.Var : DeclarationKind.Lexical);
        if (p.IsTyped)
        {
            if (id is Identifier && place == DeclarationPlace.Statement && !p.Token.NewlineBefore) p.DropIf(TokenType.Not);
            Types.SkipAnnotation(p);
        }

        if (p.Eat(TokenType.Assign))
        {
            Expression init = Expressions.ParseAssignment(p, place == DeclarationPlace.ForHead ? ForInit.Head : ForInit.None);
            return new VariableDeclarator(start, p.Token.LastEnd, id, init);
        }

        bool needsNoValue = p.State.Ambient > 0 || (place == DeclarationPlace.ForHead && (p.Token.Type == TokenType.In || p.Is(KnownName.Of)));
        if (needsNoValue) return new VariableDeclarator(start, p.Token.LastEnd, id, null);
        if (kind >= VariableKind.Const && !p.Failed) p.Fail(ParseErrorCode.Syntax, p.Token.LastEnd, $"A '{kind.Text()}' declaration needs a value");
        else if (id is not Identifier && !p.Failed) p.Fail(ParseErrorCode.Syntax, p.Token.LastEnd, "A pattern needs a value to take apart");
        return new VariableDeclarator(start, p.Token.LastEnd, id, null);
    }

    /// <summary>True if the word let begins a declaration here (14.3.1, and the lookahead of 14.5).</summary>
    private static bool BeginsLet(ProgramParser p, StatementPlace place)
    {
        int next = p.PeekToken(p.Token.Position, out _);
        char c = p.Peek(next);
        if (c is '[' or '\\') return true;
        // Outside of lists only an expression can begin with let, and 'let [' can never begin one.
        if (place > StatementPlace.List) return false;
        return c == '{' || p.BeginsName(next);
    }

    // 15.8: no line end between async and function.
    public static bool BeginsAsyncFunction(ProgramParser p)
    {
        int next = p.PeekToken(p.Token.Position, out bool newline);
        return !newline && p.IsWordAt(next, "function");
    }

    private static bool BeginsUsing(ProgramParser p, DeclarationPlace place)
    {
        if (p.Options.Edition < LanguageEdition.Latest) return false;
        int next = p.PeekToken(p.Token.Position, out bool newline);
        if (newline || !p.BeginsName(next)) return false;
        if (place != DeclarationPlace.ForHead || !p.IsWordAt(next, "of")) return true;
        // In a for loop 'using of' declares 'of' only if a value follows.
        int afterOf = p.PeekToken(next + 2, out _);
        return p.Peek(afterOf) == '=' && p.Peek(afterOf + 1) is not ('=' or '>');
    }

    private static bool BeginsAwaitUsing(ProgramParser p)
    {
        if (p.Options.Edition < LanguageEdition.Latest || !p.Allows(SyntaxContext.Await)) return false;
        int next = p.PeekToken(p.Token.Position, out bool newline);
        if (newline || !p.IsWordAt(next, "using")) return false;
        int name = p.PeekToken(next + 5, out newline);
        return !newline && p.BeginsName(name);
    }
}
