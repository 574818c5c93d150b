using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Import declarations and attributes (ECMA-262 16.2.2).</summary>
internal static partial class Modules
{
    // import(…) and import.meta begin expressions.
    public static Statement ParseImportStatement(ProgramParser p, StatementPlace place)
    {
        if (p.Peek(p.PeekToken(p.Token.Position, out _)) is '(' or '.') return Statements.ParseExpressionStatement(p);
        if (p.IsTyped && ParseTypedImport(p, place) is { } typed) return typed;
        if (!AllowsModuleItem(p, place)) return Placeholder.MissingStatement;
        int start = p.Token.Start;
        p.Next();
        ImmutableArray<Node> specifiers = [];
        if (p.Token.Type != TokenType.String)
        {
            specifiers = ParseImportClause(p);
            p.Expect(KnownName.From);
        }

        StringLiteral source = Primaries.ParseString(p);
        ImmutableArray<ImportAttribute> attributes = ParseAttributes(p);
        p.Semicolon();
        return new ImportDeclaration(start, p.Token.LastEnd, specifiers, source, attributes);
    }

    public static bool AllowsModuleItem(ProgramParser p, StatementPlace place)
    {
        if (p.State.Ambient > 0) return true;
        if (!p.IsModule) p.EarlyError(p.Token.Start, "'import' and 'export' can only be used in a module");
        else if (place != StatementPlace.Top) p.EarlyError(p.Token.Start, "'import' and 'export' can only stand at the top of a module");
        return !p.Failed;
    }

    private static ImmutableArray<Node> ParseImportClause(ProgramParser p)
    {
        int mark = p.Nodes.Count;
        if (p.Token.Type == TokenType.Identifier)
        {
            Identifier local = ParseImportedBinding(p);
            p.Nodes.Push(new ImportDefaultSpecifier(local.Start, local.End, local));
            if (!p.Eat(TokenType.Comma)) return p.Nodes.Take<Node>(mark);
        }

        if (p.Token.Type == TokenType.Star)
        {
            int start = p.Token.Start;
            p.Next();
            p.Expect(KnownName.As);
            p.Nodes.Push(new ImportNamespaceSpecifier(start, p.Token.LastEnd, ParseImportedBinding(p)));
            var last = (ImportNamespaceSpecifier)p.Nodes[p.Nodes.Count - 1]!;
            p.Nodes[p.Nodes.Count - 1] = new ImportNamespaceSpecifier(start, p.Token.LastEnd, last.Local);
            return p.Nodes.Take<Node>(mark);
        }

        p.Expect(TokenType.LeftBrace);
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (!p.IsTyped || !SkipTypeSpecifier(p, Specifier.Import)) p.Nodes.Push(ParseImportSpecifier(p));
            p.Separate(TokenType.RightBrace);
        }

        p.Next();
        return p.Nodes.Take<Node>(mark);
    }

    private static Identifier ParseImportedBinding(ProgramParser p)
    {
        Identifier local = Identifiers.ParseIdentifier(p);
        Identifiers.CheckBinding(p, local, DeclarationKind.Lexical);
        return local;
    }

    private static ImportSpecifier ParseImportSpecifier(ProgramParser p)
    {
        int start = p.Token.Start;
        TokenType type = p.Token.Type;
        int name = p.Token.Name;
        Expression imported = ParseModuleName(p);
        if (p.Eat(KnownName.As))
        {
            Identifier renamed = ParseImportedBinding(p);
            return new ImportSpecifier(start, p.Token.LastEnd, imported, renamed);
        }

        if (imported is not Identifier local || type != TokenType.Identifier)
        {
            p.Unexpected("'as'");
            return new ImportSpecifier(start, p.Token.LastEnd, imported, Placeholder.Missing);
        }

        if (name <= KnownName.LastStrictReserved) Identifiers.CheckReserved(p, name, start);
        Identifiers.CheckBinding(p, local, DeclarationKind.Lexical);
        return new ImportSpecifier(start, p.Token.LastEnd, imported, local);
    }

    // ModuleExportName: a name or a well-formed string.
    private static Expression ParseModuleName(ProgramParser p)
    {
        if (p.Token.Type != TokenType.String) return Identifiers.ParseIdentifierName(p);
        StringLiteral name = Primaries.ParseString(p);
        if (!IsWellFormed(name.Value)) p.EarlyError(name.Start, "The name of an import or export cannot contain half of a surrogate pair");
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
    private static ImmutableArray<ImportAttribute> ParseAttributes(ProgramParser p)
    {
        if (!p.Eat(TokenType.With)) return [];
        p.Expect(TokenType.LeftBrace);
        HashSet<string> keys = [];
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            int start = p.Token.Start;
            Expression key = p.Token.Type == TokenType.String ? Primaries.ParseString(p) : Identifiers.ParseIdentifierName(p);
            if (!keys.Add(NameOf(key))) p.EarlyError(start, $"The attribute '{NameOf(key)}' is given twice");
            p.Expect(TokenType.Colon);
            StringLiteral value = Primaries.ParseString(p);
            p.Nodes.Push(new ImportAttribute(start, p.Token.LastEnd, key, value));
            p.Separate(TokenType.RightBrace);
        }

        p.Next();
        return p.Nodes.Take<ImportAttribute>(mark);
    }

    private static string NameOf(Expression name) => name is StringLiteral literal ? literal.Value : ((Identifier)name).Name;
}
