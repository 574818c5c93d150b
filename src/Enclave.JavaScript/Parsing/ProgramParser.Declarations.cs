using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Declarations of variables (ECMA-262 14.3, and using of the explicit resource management proposal).</summary>
internal sealed partial class ProgramParser
{
    private enum DeclarationPlace : byte
    {
        Statement,

        /// <summary>In the parentheses of a for loop: no value is needed before in and of.</summary>
        ForHead,
    }

    // 14.3.2 Variable Statement.
    private VariableDeclaration ParseVariableStatement(VariableKind kind)
    {
        int start = Token.Start;
        Next();
        VariableDeclaration declaration = ParseDeclarators(start, kind, DeclarationPlace.Statement);
        Semicolon();
        return new VariableDeclaration(start, Token.LastEnd, declaration.Declarations, kind);
    }

    // 14.3.1 Let and Const Declarations.
    private Statement ParseLexicalDeclaration(VariableKind kind, StatementPlace place) =>
        OpensList(place, kind == VariableKind.Let ? "A 'let' variable" : "A constant") ? ParseVariableStatement(kind) : s_missingStatement;

    private Statement ParseUsing(VariableKind kind, StatementPlace place)
    {
        RegionKind here = Scopes.Here;
        if (here == RegionKind.Switch || (here == RegionKind.Top && !IsModule && (Options.TopLevel & TopLevel.Return) == 0))
        {
            EarlyError(Token.Start, "A 'using' declaration cannot stand at the top of a script or directly in a switch; put it into a block");
        }

        int start = Token.Start;
        if (!OpensList(place, "A 'using' variable")) return s_missingStatement;
        if (kind == VariableKind.AwaitUsing)
        {
            if (State.Function.AwaitAt == 0) State.Function.AwaitAt = Token.Start + 1;
            Next();
        }

        Next();
        VariableDeclaration declaration = ParseDeclarators(start, kind, DeclarationPlace.Statement);
        Semicolon();
        return new VariableDeclaration(start, Token.LastEnd, declaration.Declarations, kind);
    }

    private VariableDeclaration ParseDeclarators(int start, VariableKind kind, DeclarationPlace place)
    {
        int mark = Nodes.Count;
        do
        {
            Nodes.Push(ParseDeclarator(kind, place));
        }
        while (Eat(TokenType.Comma));
        return new VariableDeclaration(start, Token.LastEnd, Nodes.Take<VariableDeclarator>(mark), kind);
    }

    private VariableDeclarator ParseDeclarator(VariableKind kind, DeclarationPlace place)
    {
        int start = Token.Start;
        Node id = kind >= VariableKind.Using ? ParseIdentifier() : ParseBindingTarget();
        CheckPattern(id, kind == VariableKind.Var ? DeclarationKind.Var : DeclarationKind.Lexical);
        if (IsTyped) SkipVariableType();
        if (Eat(TokenType.Assign))
        {
            Expression init = ParseAssignment(place == DeclarationPlace.ForHead ? ForInit.Head : ForInit.None);
            return new VariableDeclarator(start, Token.LastEnd, id, init);
        }

        bool needsNoValue = State.Ambient > 0 || (place == DeclarationPlace.ForHead && (Token.Type == TokenType.In || Is(KnownName.Of)));
        if (needsNoValue) return new VariableDeclarator(start, Token.LastEnd, id, null);
        if (kind >= VariableKind.Const && !Failed) Fail(ParseErrorCode.Syntax, Token.LastEnd, $"A '{kind.Text()}' declaration needs a value");
        else if (id is not Identifier && !Failed) Fail(ParseErrorCode.Syntax, Token.LastEnd, "A pattern needs a value to take apart");
        return new VariableDeclarator(start, Token.LastEnd, id, null);
    }

    /// <summary>True if the word let begins a declaration here (14.3.1, and the lookahead of 14.5).</summary>
    private bool BeginsLet(StatementPlace place)
    {
        int next = PeekToken(Token.Position, out _);
        char c = Peek(next);
        if (c is '[' or '\\') return true;
        // Outside of lists only an expression can begin with let, and 'let [' can never begin one.
        if (place > StatementPlace.List) return false;
        return c == '{' || BeginsName(next);
    }

    /// <summary>True if a name other than in and instanceof stands at an offset.</summary>
    private bool BeginsName(int at)
    {
        if (Peek(at) == '\\') return true;
        if (at >= Source.Length || !Enclave.JavaScript.Text.UnicodeIdentifier.IsStart(CodePointAt(at))) return false;
        return !IsWordAt(at, "in") && !IsWordAt(at, "instanceof");
    }

    private bool IsWordAt(int at, string word) => Source.AsSpan(at).StartsWith(word) && !IsPartAt(at + word.Length);

    // 15.8: no line end between async and function.
    private bool BeginsAsyncFunction()
    {
        int next = PeekToken(Token.Position, out bool newline);
        return !newline && IsWordAt(next, "function");
    }

    private bool BeginsUsing(DeclarationPlace place)
    {
        if (Options.Edition < LanguageEdition.Latest) return false;
        int next = PeekToken(Token.Position, out bool newline);
        if (newline || !BeginsName(next)) return false;
        if (place != DeclarationPlace.ForHead || !IsWordAt(next, "of")) return true;
        // In a for loop 'using of' declares 'of' only if a value follows.
        int afterOf = PeekToken(next + 2, out _);
        return Peek(afterOf) == '=' && Peek(afterOf + 1) is not ('=' or '>');
    }

    private bool BeginsAwaitUsing()
    {
        if (Options.Edition < LanguageEdition.Latest || !Allows(SyntaxContext.Await)) return false;
        int next = PeekToken(Token.Position, out bool newline);
        if (newline || !IsWordAt(next, "using")) return false;
        int name = PeekToken(next + 5, out newline);
        return !newline && BeginsName(name);
    }
}
