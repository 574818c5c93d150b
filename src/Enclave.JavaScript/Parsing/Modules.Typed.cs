using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Imports and exports of types, and TypeScript's own forms of both.</summary>
internal static partial class Modules
{
    private const string WriteImport = "write const a = b.c for a part of an object";

    /// <summary>Reads an import of types only, or 'import a = …'. For any other import, returns null and reads nothing.</summary>
    private static Statement? ParseTypedImport(ProgramParser p, StatementPlace place)
    {
        int next = p.PeekToken(p.Token.Position, out _);
        if (!p.IsAnyWordAt(next)) return null;
        int after = p.PeekToken(p.WordEnd(next), out _);
        bool isEquals = p.Peek(after) == '=';
        bool isType = !isEquals && p.IsWordAt(next, "type") && ImportsTypes(p, after);
        if (!isEquals && !isType) return null;
        if (place != StatementPlace.Top) p.EarlyError(p.Token.Start, "'import' and 'export' can only stand at the top of a module");
        int start = p.Token.Start;
        p.Next();
        if (isType) p.Next();
        if (isEquals || (p.Token.Type == TokenType.Identifier && p.Peek(p.PeekToken(p.Token.Position, out _)) == '='))
        {
            if (isEquals && !p.State.IsDescribed) p.NotErasable(start, "'import … ='", WriteImport);
            Identifier name = SkipImportEquals(p);
            return isEquals && !p.State.IsDescribed ? Placeholder.Declared(name) : Placeholder.Erased;
        }

        p.State.Ambient++;
        ParseImportClause(p);
        p.Expect(KnownName.From);
        Primaries.ParseString(p);
        ParseAttributes(p);
        p.State.Ambient--;
        p.Semicolon();
        return Placeholder.Erased;
    }

    // Behind 'import type': the default import may itself be named 'from', or the import 'type'.
    private static bool ImportsTypes(ProgramParser p, int at)
    {
        if (p.Peek(at) is '{' or '*') return true;
        if (!p.IsAnyWordAt(at)) return false;
        if (!p.IsWordAt(at, "from")) return true;
        at = p.PeekToken(at + 4, out _);
        return p.IsWordAt(at, "from") || p.Peek(at) == '=';
    }

    // a = b.c; or a = require('b');
    private static Identifier SkipImportEquals(ProgramParser p)
    {
        Identifier name = Identifiers.ParseIdentifier(p);
        p.Expect(TokenType.Assign);
        if (p.Is(KnownName.Require) && p.Peek(p.PeekToken(p.Token.Position, out _)) == '(')
        {
            p.Next();
            p.Next();
            p.Expect(TokenType.String);
            p.Expect(TokenType.RightParenthesis);
        }
        else
        {
            p.SkipName();
            while (p.Eat(TokenType.Dot)) p.SkipWord();
        }

        p.Semicolon();
        return name;
    }

    /// <summary>Reads an export of types only, or one of TypeScript's own forms. For any other export, returns null and reads nothing.</summary>
    private static Statement? ParseTypedExport(ProgramParser p, StatementPlace place)
    {
        int next = p.PeekToken(p.Token.Position, out _);
        if (p.Peek(next) == '=' && p.Peek(next + 1) is not ('=' or '>')) return ParseExportEquals(p);
        if (!p.IsAnyWordAt(next)) return null;
        int end = p.WordEnd(next);
        int after = p.PeekToken(end, out _);
        switch (p.Source.AsSpan(next, end - next))
        {
            case "type" when p.Peek(after) is '{' or '*':
                SkipTypeExport(p, place);
                return Placeholder.Erased;
            case "as" when p.IsWordAt(after, "namespace"):
                p.Next();
                p.Next();
                p.Next();
                p.SkipName();
                p.Semicolon();
                return Placeholder.Erased;
            case "import":
                p.Next();
                Statement? import = ParseTypedImport(p, place);
                if (import is null) p.Unexpected("a declaration");
                return import;
            case "type" or "interface" or "declare" or "namespace" or "module" or "global":
                return ParseErasedExport(p, place);
            case "enum":
            case "const" when p.IsWordAt(after, "enum"):
                return Enums.ParseExportedEnum(p, place);
            default:
                return null;
        }
    }

    private static Statement? ParseErasedExport(ProgramParser p, StatementPlace place)
    {
        if (place != StatementPlace.Top) p.EarlyError(p.Token.Start, "'import' and 'export' can only stand at the top of a module");
        p.Next();
        Statement statement = Statements.ParseStatement(p, StatementPlace.Top);
        // A namespace with values is refused elsewhere, and a block stands for it.
        if (!ReferenceEquals(statement, Placeholder.Erased) && statement is not BlockStatement) p.Unexpected("a declaration");
        return statement;
    }

    private static Statement ParseExportEquals(ProgramParser p)
    {
        if (!p.State.IsDescribed) p.NotErasable(p.Token.Start, "'export ='", "write 'export default' or 'export { … }'");
        p.Next();
        p.Next();
        int start = p.Token.Start;
        Expression value = Expressions.ParseAssignment(p);
        p.Semicolon();
        return p.State.IsDescribed ? Placeholder.Erased : new ExpressionStatement(start, p.Token.LastEnd, value, null);
    }

    // export type { A }, export type * from 'a'.
    private static void SkipTypeExport(ProgramParser p, StatementPlace place)
    {
        if (place != StatementPlace.Top) p.EarlyError(p.Token.Start, "'import' and 'export' can only stand at the top of a module");
        int start = p.Token.Start;
        p.Next();
        p.Next();
        p.State.Ambient++;
        if (p.Token.Type == TokenType.Star) ParseExportAll(p, start);
        else if (p.Token.Type == TokenType.LeftBrace) ParseExportNames(p, start);
        else p.Unexpected("'{' or '*'");
        p.State.Ambient--;
    }

    /// <summary>Reads 'type' and a specifier behind it in the braces of an import or export. False if 'type' is the name itself.</summary>
    private static bool SkipTypeSpecifier(ProgramParser p, Specifier specifier)
    {
        if (!p.Is(KnownName.TypeWord) || !SpecifiesType(p)) return false;
        p.Next();
        p.State.Ambient++;
        TokenType type = p.Token.Type;
        ParseModuleName(p);
        if (p.Is(KnownName.As))
        {
            p.Next();
            type = p.Token.Type;
            ParseModuleName(p);
        }

        if (specifier == Specifier.Import && type != TokenType.Identifier) p.Unexpected("a name");
        p.State.Ambient--;
        return true;
    }

    private enum Specifier : byte
    {
        /// <summary>The name is declared here, so it cannot be a reserved word.</summary>
        Import,
        Export,
    }

    // { type }, { type as a } and { type as as } name a value.
    private static bool SpecifiesType(ProgramParser p)
    {
        int at = p.PeekToken(p.Token.Position, out _);
        if (!IsModuleNameAt(p, at)) return false;
        if (!p.IsWordAt(at, "as")) return true;
        at = p.PeekToken(at + 2, out _);
        if (!IsModuleNameAt(p, at)) return true;
        return p.IsWordAt(at, "as") && IsModuleNameAt(p, p.PeekToken(at + 2, out _));
    }

    private static bool IsModuleNameAt(ProgramParser p, int at) => p.IsAnyWordAt(at) || p.Peek(at) is '"' or '\'';

    /// <summary>Reads 'interface …' behind 'export default', or 'abstract' in front of a class.</summary>
    private static bool SkipDefaultType(ProgramParser p)
    {
        if (p.Is(KnownName.Interface))
        {
            TypedStatements.SkipInterface(p);
            return true;
        }

        if (p.Is(KnownName.Abstract) && TypedStatements.BeginsTypedDeclaration(p)) p.Drop();
        return false;
    }
}
