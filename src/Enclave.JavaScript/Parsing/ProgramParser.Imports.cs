using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Import declarations and attributes (ECMA-262 16.2.2).</summary>
internal sealed partial class ProgramParser
{
    // import(…) and import.meta begin expressions.
    private Statement ParseImportStatement(StatementPlace place)
    {
        if (Peek(PeekToken(Token.Position, out _)) is '(' or '.') return ParseExpressionStatement();
        if (IsTyped && ParseTypedImport(place) is { } typed) return typed;
        if (!AllowsModuleItem(place)) return s_missingStatement;
        int start = Token.Start;
        Next();
        ImmutableArray<Node> specifiers = [];
        if (Token.Type != TokenType.String)
        {
            specifiers = ParseImportClause();
            Expect(KnownName.From);
        }

        StringLiteral source = ParseString();
        ImmutableArray<ImportAttribute> attributes = ParseAttributes();
        Semicolon();
        return new ImportDeclaration(start, Token.LastEnd, specifiers, source, attributes);
    }

    private bool AllowsModuleItem(StatementPlace place)
    {
        if (State.Ambient > 0) return true;
        if (!IsModule) EarlyError(Token.Start, "'import' and 'export' can only be used in a module");
        else if (place != StatementPlace.Top) EarlyError(Token.Start, "'import' and 'export' can only stand at the top of a module");
        return !Failed;
    }

    private ImmutableArray<Node> ParseImportClause()
    {
        int mark = Nodes.Count;
        if (Token.Type == TokenType.Identifier)
        {
            Identifier local = ParseImportedBinding();
            Nodes.Push(new ImportDefaultSpecifier(local.Start, local.End, local));
            if (!Eat(TokenType.Comma)) return Nodes.Take<Node>(mark);
        }

        if (Token.Type == TokenType.Star)
        {
            int start = Token.Start;
            Next();
            Expect(KnownName.As);
            Nodes.Push(new ImportNamespaceSpecifier(start, Token.LastEnd, ParseImportedBinding()));
            var last = (ImportNamespaceSpecifier)Nodes[Nodes.Count - 1]!;
            Nodes[Nodes.Count - 1] = new ImportNamespaceSpecifier(start, Token.LastEnd, last.Local);
            return Nodes.Take<Node>(mark);
        }

        Expect(TokenType.LeftBrace);
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (!IsTyped || !SkipTypeSpecifier(Specifier.Import)) Nodes.Push(ParseImportSpecifier());
            Separate(TokenType.RightBrace);
        }

        Next();
        return Nodes.Take<Node>(mark);
    }

    private Identifier ParseImportedBinding()
    {
        Identifier local = ParseIdentifier();
        CheckBinding(local, DeclarationKind.Lexical);
        return local;
    }

    private ImportSpecifier ParseImportSpecifier()
    {
        int start = Token.Start;
        TokenType type = Token.Type;
        int name = Token.Name;
        Expression imported = ParseModuleName();
        if (Eat(KnownName.As))
        {
            Identifier renamed = ParseImportedBinding();
            return new ImportSpecifier(start, Token.LastEnd, imported, renamed);
        }

        if (imported is not Identifier local || type != TokenType.Identifier)
        {
            Unexpected("'as'");
            return new ImportSpecifier(start, Token.LastEnd, imported, s_missing);
        }

        if (name <= KnownName.LastStrictReserved) CheckReserved(name, start);
        CheckBinding(local, DeclarationKind.Lexical);
        return new ImportSpecifier(start, Token.LastEnd, imported, local);
    }

    // ModuleExportName: a name or a well-formed string.
    private Expression ParseModuleName()
    {
        if (Token.Type != TokenType.String) return ParseIdentifierName();
        StringLiteral name = ParseString();
        if (!IsWellFormed(name.Value)) EarlyError(name.Start, "The name of an import or export cannot contain half of a surrogate pair");
        return name;
    }

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    // WithClause.
    private ImmutableArray<ImportAttribute> ParseAttributes()
    {
        if (!Eat(TokenType.With)) return [];
        Expect(TokenType.LeftBrace);
        HashSet<string> keys = [];
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            int start = Token.Start;
            Expression key = Token.Type == TokenType.String ? ParseString() : ParseIdentifierName();
            if (!keys.Add(NameOf(key))) EarlyError(start, $"The attribute '{NameOf(key)}' is given twice");
            Expect(TokenType.Colon);
            StringLiteral value = ParseString();
            Nodes.Push(new ImportAttribute(start, Token.LastEnd, key, value));
            Separate(TokenType.RightBrace);
        }

        Next();
        return Nodes.Take<ImportAttribute>(mark);
    }

    private static string NameOf(Expression name) => name is StringLiteral literal ? literal.Value : ((Identifier)name).Name;
}
