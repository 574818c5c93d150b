using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Export declarations (ECMA-262 16.2.3), and their early errors (16.2.1.1).</summary>
internal sealed partial class ProgramParser
{
    private Statement ParseExportStatement(StatementPlace place)
    {
        if (IsTyped && ParseTypedExport(place) is { } typed) return typed;
        if (!AllowsModuleItem(place)) return s_missingStatement;
        int start = Token.Start;
        Next();
        switch (Token.Type)
        {
            case TokenType.Star:
                return ParseExportAll(start);
            case TokenType.Default:
                return ParseExportDefault(start);
            case TokenType.LeftBrace:
                return ParseExportNames(start);
            case TokenType.Var or TokenType.Const or TokenType.Class or TokenType.Function:
            case TokenType.Identifier when IsTyped && BeginsTypedDeclaration():
            case TokenType.Identifier when Is(KnownName.Let) || (Is(KnownName.Async) && BeginsAsyncFunction()):
                Statement declaration = ParseStatement(StatementPlace.List);
                if (ReferenceEquals(declaration, s_erased)) return s_erased;
                AddDeclaredExports(declaration);
                return new ExportNamedDeclaration(start, Token.LastEnd, declaration, [], null, []);
            default:
                Unexpected("a declaration, 'default', '*' or '{'");
                return s_missingStatement;
        }
    }

    private ExportAllDeclaration ParseExportAll(int start)
    {
        Next();
        Expression? exported = null;
        if (Eat(KnownName.As))
        {
            exported = ParseModuleName();
            AddExport(NameOf(exported), exported.Start);
        }

        Expect(KnownName.From);
        StringLiteral source = ParseString();
        ImmutableArray<ImportAttribute> attributes = ParseAttributes();
        Semicolon();
        return new ExportAllDeclaration(start, Token.LastEnd, exported, source, attributes);
    }

    private Statement ParseExportDefault(int start)
    {
        int at = Token.Start;
        if (!IsTyped) AddExport("default", at);
        Next();
        if (IsTyped && SkipDefaultType()) return s_erased;
        int from = Token.Start;
        Node? declaration;
        if (Token.Type == TokenType.Function)
        {
            declaration = ParseDefaultFunction(from, FunctionForm.Plain);
        }
        else if (Is(KnownName.Async) && BeginsAsyncFunction())
        {
            Next();
            declaration = ParseDefaultFunction(from, FunctionForm.Async);
        }
        else if (Token.Type == TokenType.Class)
        {
            declaration = ParseDefaultClass();
        }
        else
        {
            declaration = ParseAssignment();
            Semicolon();
        }

        if (declaration is null) return s_erased;
        if (IsTyped) AddExport("default", at);
        return new ExportDefaultDeclaration(start, Token.LastEnd, declaration);
    }

    private FunctionDeclaration? ParseDefaultFunction(int start, FunctionForm form)
    {
        Next();
        if (Eat(TokenType.Star)) form |= FunctionForm.Generator;
        Identifier? name = null;
        if (Token.Type != TokenType.LeftParenthesis && !(IsTyped && Token.Type == TokenType.Less))
        {
            name = ParseIdentifier();
            if (!IsTyped) CheckBinding(name, DeclarationKind.Lexical);
        }

        FunctionDeclaration? function = ParseFunctionRest(start, name, form);
        if (IsTyped && function?.Id is { } id) CheckBinding(id, DeclarationKind.Lexical);
        return function;
    }

    private ClassDeclaration ParseDefaultClass()
    {
        int start = Token.Start;
        Next();
        bool wasStrict = EnterClass();
        Identifier? name = ParseClassName();
        if (name is not null) CheckBinding(name, DeclarationKind.Lexical);
        (Expression? super, ClassBody body) = ParseClassTail(wasStrict);
        return new ClassDeclaration(start, Token.LastEnd, name, super, body);
    }

    private ExportNamedDeclaration ParseExportNames(int start)
    {
        Next();
        int mark = Nodes.Count;
        int firstLocal = LocalExports.Count;
        Expression? stringLocal = null;
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (!IsTyped || !SkipTypeSpecifier(Specifier.Export))
            {
                ExportSpecifier specifier = ParseExportSpecifier();
                if (specifier.Local is StringLiteral) stringLocal ??= specifier.Local;
                Nodes.Push(specifier);
            }

            Separate(TokenType.RightBrace);
        }

        ImmutableArray<ExportSpecifier> specifiers = Nodes.Take<ExportSpecifier>(mark);
        Next();
        StringLiteral? source = null;
        ImmutableArray<ImportAttribute> attributes = [];
        if (Eat(KnownName.From))
        {
            // The names belong to another module: any word is allowed, and this module need not declare them.
            LocalExports.CutTo(firstLocal);
            source = ParseString();
            attributes = ParseAttributes();
        }
        else
        {
            if (stringLocal is not null) EarlyError(stringLocal.Start, "A string can only name what another module exports; 'from' is missing");
            CheckLocalNames(firstLocal);
        }

        Semicolon();
        return new ExportNamedDeclaration(start, Token.LastEnd, null, specifiers, source, attributes);
    }

    private ExportSpecifier ParseExportSpecifier()
    {
        int start = Token.Start;
        Expression local = ParseModuleName();
        Expression exported = Eat(KnownName.As) ? ParseModuleName() : local;
        AddExport(NameOf(exported), exported.Start);
        if (State.Ambient == 0 && local is Identifier identifier) LocalExports.Add(identifier);
        return new ExportSpecifier(start, Token.LastEnd, local, exported);
    }

    private void CheckLocalNames(int from)
    {
        for (int i = from; i < LocalExports.Count && !Failed; i++)
        {
            Identifier name = LocalExports[i];
            int number = Names.Find(name.Name);
            if (Names.Type(number) != TokenType.Identifier) EarlyError(name.Start, $"The reserved word '{name.Name}' cannot be exported");
            else if (number <= KnownName.LastStrictReserved) CheckReserved(number, name.Start);
        }
    }

    private void AddDeclaredExports(Statement declaration)
    {
        switch (declaration)
        {
            case VariableDeclaration variables:
                foreach (VariableDeclarator declarator in variables.Declarations) AddPatternExports(declarator.Id);
                break;
            case FunctionDeclaration { Id: { } name }:
                AddExport(name.Name, name.Start);
                break;
            case ClassDeclaration { Id: { } name }:
                AddExport(name.Name, name.Start);
                break;
        }
    }

    private void AddPatternExports(Node node)
    {
        switch (node)
        {
            case Identifier identifier:
                AddExport(identifier.Name, identifier.Start);
                break;
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties) AddPatternExports(property is Property { Value: var value } ? value : property);
                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements)
                {
                    if (element is not null) AddPatternExports(element);
                }

                break;
            case AssignmentPattern pattern:
                AddPatternExports(pattern.Left);
                break;
            case RestElement rest:
                AddPatternExports(rest.Argument);
                break;
        }
    }

    private void AddExport(string name, int offset)
    {
        if (State.Ambient > 0) return;
        if (!Exports.TryAdd(name)) EarlyError(offset, $"'{name}' is exported twice");
    }

    // 16.2.1.1: names that are exported must be declared at the top.
    private void CheckExports()
    {
        foreach (Identifier name in LocalExports.Items)
        {
            int number = Names.Find(name.Name);
            if (Scopes.IsDeclared(number)) continue;
            EarlyError(name.Start, $"'{name.Name}' is exported but not declared{(IsTyped ? "; a type is exported with 'export type'" : "")}");
        }
    }
}
