using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Imports and exports of types, and TypeScript's own forms of both.</summary>
internal sealed partial class ProgramParser
{
    private const string WriteImport = "write 'import … from' or 'await import(…)'";

    /// <summary>Reads an import of types only, or 'import a = …'. For any other import, returns null and reads nothing.</summary>
    private Statement? ParseTypedImport(StatementPlace place)
    {
        int next = PeekToken(Token.Position, out _);
        if (!IsAnyWordAt(next)) return null;
        int after = PeekToken(WordEnd(next), out _);
        bool isEquals = Peek(after) == '=';
        bool isType = !isEquals && IsWordAt(next, "type") && ImportsTypes(after);
        if (!isEquals && !isType) return null;
        if (place != StatementPlace.Top) EarlyError(Token.Start, "'import' and 'export' can only stand at the top of a module");
        int start = Token.Start;
        Next();
        if (isType) Next();
        if (isEquals || (Token.Type == TokenType.Identifier && Peek(PeekToken(Token.Position, out _)) == '='))
        {
            if (isEquals && !State.IsDescribed) NotErasable(start, "'import … ='", WriteImport);
            Identifier name = SkipImportEquals();
            return isEquals && !State.IsDescribed ? Declared(name) : s_erased;
        }

        State.Ambient++;
        ParseImportClause();
        Expect(KnownName.From);
        ParseString();
        ParseAttributes();
        State.Ambient--;
        Semicolon();
        return s_erased;
    }

    // Behind 'import type': the default import may itself be named 'from', or the import 'type'.
    private bool ImportsTypes(int at)
    {
        if (Peek(at) is '{' or '*') return true;
        if (!IsAnyWordAt(at)) return false;
        if (!IsWordAt(at, "from")) return true;
        at = PeekToken(at + 4, out _);
        return IsWordAt(at, "from") || Peek(at) == '=';
    }

    // a = b.c; or a = require('b');
    private Identifier SkipImportEquals()
    {
        Identifier name = ParseIdentifier();
        Expect(TokenType.Assign);
        if (Is(KnownName.Require) && Peek(PeekToken(Token.Position, out _)) == '(')
        {
            Next();
            Next();
            Expect(TokenType.String);
            Expect(TokenType.RightParenthesis);
        }
        else
        {
            SkipName();
            while (Eat(TokenType.Dot)) SkipWord();
        }

        Semicolon();
        return name;
    }

    /// <summary>Reads an export of types only, or one of TypeScript's own forms. For any other export, returns null and reads nothing.</summary>
    private Statement? ParseTypedExport(StatementPlace place)
    {
        int next = PeekToken(Token.Position, out _);
        if (Peek(next) == '=' && Peek(next + 1) is not ('=' or '>')) return ParseExportEquals();
        if (!IsAnyWordAt(next)) return null;
        int end = WordEnd(next);
        int after = PeekToken(end, out _);
        switch (Source.AsSpan(next, end - next))
        {
            case "type" when Peek(after) is '{' or '*':
                SkipTypeExport(place);
                return s_erased;
            case "as" when IsWordAt(after, "namespace"):
                Next();
                Next();
                Next();
                SkipName();
                Semicolon();
                return s_erased;
            case "import":
                Next();
                Statement? import = ParseTypedImport(place);
                if (import is null) Unexpected("a declaration");
                return import;
            case "type" or "interface" or "declare" or "namespace" or "module" or "global":
                return ParseErasedExport(place);
            case "enum":
            case "const" when IsWordAt(after, "enum"):
                return ParseExportedEnum(place);
            default:
                return null;
        }
    }

    private Statement? ParseErasedExport(StatementPlace place)
    {
        if (place != StatementPlace.Top) EarlyError(Token.Start, "'import' and 'export' can only stand at the top of a module");
        Next();
        Statement statement = ParseStatement(StatementPlace.Top);
        // A namespace with values is refused, and something stands for it.
        if (!ReferenceEquals(statement, s_erased) && statement is not BlockStatement) Unexpected("a declaration");
        return statement;
    }

    private Statement ParseExportEquals()
    {
        if (!State.IsDescribed) NotErasable(Token.Start, "'export ='", "write 'export default' or 'export { … }'");
        Next();
        Next();
        int start = Token.Start;
        Expression value = ParseAssignment();
        Semicolon();
        return State.IsDescribed ? s_erased : new ExpressionStatement(start, Token.LastEnd, value, null);
    }

    // export type { A }, export type * from 'a'.
    private void SkipTypeExport(StatementPlace place)
    {
        if (place != StatementPlace.Top) EarlyError(Token.Start, "'import' and 'export' can only stand at the top of a module");
        int start = Token.Start;
        Next();
        Next();
        State.Ambient++;
        if (Token.Type == TokenType.Star) ParseExportAll(start);
        else if (Token.Type == TokenType.LeftBrace) ParseExportNames(start);
        else Unexpected("'{' or '*'");
        State.Ambient--;
    }

    /// <summary>Reads 'type' and a specifier behind it in the braces of an import or export. False if 'type' is the name itself.</summary>
    private bool SkipTypeSpecifier(Specifier specifier)
    {
        if (!Is(KnownName.TypeWord) || !SpecifiesType()) return false;
        Next();
        State.Ambient++;
        TokenType type = Token.Type;
        ParseModuleName();
        if (Is(KnownName.As))
        {
            Next();
            type = Token.Type;
            ParseModuleName();
        }

        if (specifier == Specifier.Import && type != TokenType.Identifier) Unexpected("a name");
        State.Ambient--;
        return true;
    }

    private enum Specifier : byte
    {
        /// <summary>The name is declared here, so it cannot be a reserved word.</summary>
        Import,
        Export,
    }

    // { type }, { type as a } and { type as as } name a value.
    private bool SpecifiesType()
    {
        int at = PeekToken(Token.Position, out _);
        if (!IsModuleNameAt(at)) return false;
        if (!IsWordAt(at, "as")) return true;
        at = PeekToken(at + 2, out _);
        if (!IsModuleNameAt(at)) return true;
        return IsWordAt(at, "as") && IsModuleNameAt(PeekToken(at + 2, out _));
    }

    private bool IsModuleNameAt(int at) => IsAnyWordAt(at) || Peek(at) is '"' or '\'';

    /// <summary>Reads 'interface …' behind 'export default', or 'abstract' in front of a class.</summary>
    private bool SkipDefaultType()
    {
        if (Is(KnownName.Interface) && IsNameAt(PeekToken(Token.Position, out _)))
        {
            SkipInterface();
            return true;
        }

        if (Is(KnownName.Abstract) && BeginsTypedDeclaration()) Drop();
        return false;
    }
}
