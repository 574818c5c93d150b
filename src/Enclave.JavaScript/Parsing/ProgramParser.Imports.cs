using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Import declarations and attributes (ECMA-262 16.2.2).</summary>
internal sealed partial class ProgramParser
{
    // import(…) and import.meta begin expressions.
    private Statement ParseImportStatement(StatementPlace place)
    {
        if (Peek(PeekToken(Position, out _)) is '(' or '.') return ParseExpressionStatement();
        if (_isTyped && ParseTypedImport(place) is { } typed) return typed;
        if (!AllowsModuleItem(place)) return s_missingStatement;
        int start = Start;
        Next();
        ImmutableArray<Node> specifiers = [];
        if (Type != TokenType.String)
        {
            specifiers = ParseImportClause();
            Expect(KnownName.From);
        }

        StringLiteral source = ParseString();
        ImmutableArray<ImportAttribute> attributes = ParseAttributes();
        Semicolon();
        return new ImportDeclaration(start, LastEnd, specifiers, source, attributes);
    }

    private bool AllowsModuleItem(StatementPlace place)
    {
        if (_ambient > 0) return true;
        if (!IsModule) EarlyError(Start, "'import' and 'export' can only be used in a module");
        else if (place != StatementPlace.Top) EarlyError(Start, "'import' and 'export' can only stand at the top of a module");
        return !Failed;
    }

    private ImmutableArray<Node> ParseImportClause()
    {
        int mark = _nodeCount;
        if (Type == TokenType.Identifier)
        {
            Identifier local = ParseImportedBinding();
            Push(new ImportDefaultSpecifier(local.Start, local.End, local));
            if (!Eat(TokenType.Comma)) return Take<Node>(mark);
        }

        if (Type == TokenType.Star)
        {
            int start = Start;
            Next();
            Expect(KnownName.As);
            Push(new ImportNamespaceSpecifier(start, LastEnd, ParseImportedBinding()));
            var last = (ImportNamespaceSpecifier)_nodes[_nodeCount - 1]!;
            _nodes[_nodeCount - 1] = new ImportNamespaceSpecifier(start, LastEnd, last.Local);
            return Take<Node>(mark);
        }

        Expect(TokenType.LeftBrace);
        while (Type != TokenType.RightBrace && !Failed)
        {
            if (!_isTyped || !SkipTypeSpecifier(Specifier.Import)) Push(ParseImportSpecifier());
            Separate(TokenType.RightBrace);
        }

        Next();
        return Take<Node>(mark);
    }

    private Identifier ParseImportedBinding()
    {
        Identifier local = ParseIdentifier();
        CheckBinding(local, BindingKind.Lexical);
        return local;
    }

    private ImportSpecifier ParseImportSpecifier()
    {
        int start = Start;
        TokenType type = Type;
        int name = Name;
        Expression imported = ParseModuleName();
        if (Eat(KnownName.As))
        {
            Identifier renamed = ParseImportedBinding();
            return new ImportSpecifier(start, LastEnd, imported, renamed);
        }

        if (imported is not Identifier local || type != TokenType.Identifier)
        {
            Unexpected("'as'");
            return new ImportSpecifier(start, LastEnd, imported, s_missing);
        }

        if (name <= KnownName.LastStrictReserved) CheckReserved(name, start);
        CheckBinding(local, BindingKind.Lexical);
        return new ImportSpecifier(start, LastEnd, imported, local);
    }

    // ModuleExportName: a name or a well-formed string.
    private Expression ParseModuleName()
    {
        if (Type != TokenType.String) return ParseIdentifierName();
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
        int mark = _nodeCount;
        while (Type != TokenType.RightBrace && !Failed)
        {
            int start = Start;
            Expression key = Type == TokenType.String ? ParseString() : ParseIdentifierName();
            if (!keys.Add(NameOf(key))) EarlyError(start, $"The attribute '{NameOf(key)}' is given twice");
            Expect(TokenType.Colon);
            StringLiteral value = ParseString();
            Push(new ImportAttribute(start, LastEnd, key, value));
            Separate(TokenType.RightBrace);
        }

        Next();
        return Take<ImportAttribute>(mark);
    }

    private static string NameOf(Expression name) => name is StringLiteral literal ? literal.Value : ((Identifier)name).Name;
}
