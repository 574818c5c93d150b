using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Export declarations (ECMA-262 16.2.3), and their early errors (16.2.1.1).</summary>
internal static partial class Modules
{
    public static Statement ParseExportStatement(ProgramParser p, StatementPlace place)
    {
        if (p.IsTyped && ParseTypedExport(p, place) is { } typed) return typed;
        if (!AllowsModuleItem(p, place)) return Placeholder.MissingStatement;
        int start = p.Token.Start;
        p.Next();
        switch (p.Token.Type)
        {
            case TokenType.Star:
                return ParseExportAll(p, start);
            case TokenType.Default:
                return ParseExportDefault(p, start);
            case TokenType.LeftBrace:
                return ParseExportNames(p, start);
            case TokenType.Var or TokenType.Const or TokenType.Class or TokenType.Function:
            case TokenType.Identifier when p.IsTyped && TypedStatements.BeginsTypedDeclaration(p):
            case TokenType.Identifier when p.Is(KnownName.Let) || (p.Is(KnownName.Async) && Statements.BeginsAsyncFunction(p)):
                Statement declaration = Statements.ParseStatement(p, StatementPlace.List);
                if (ReferenceEquals(declaration, Placeholder.Erased)) return Placeholder.Erased;
                AddDeclaredExports(p, declaration);
                return new ExportNamedDeclaration(start, p.Token.LastEnd, declaration, [], null, []);
            default:
                p.Unexpected("a declaration, 'default', '*' or '{'");
                return Placeholder.MissingStatement;
        }
    }

    private static ExportAllDeclaration ParseExportAll(ProgramParser p, int start)
    {
        p.Next();
        Expression? exported = null;
        if (p.Eat(KnownName.As))
        {
            exported = ParseModuleName(p);
            AddExport(p, NameOf(exported), exported.Start);
        }

        p.Expect(KnownName.From);
        StringLiteral source = Primaries.ParseString(p);
        ImmutableArray<ImportAttribute> attributes = ParseAttributes(p);
        p.Semicolon();
        return new ExportAllDeclaration(start, p.Token.LastEnd, exported, source, attributes);
    }

    private static Statement ParseExportDefault(ProgramParser p, int start)
    {
        int at = p.Token.Start;
        if (!p.IsTyped) AddExport(p, "default", at);
        p.Next();
        if (p.IsTyped && SkipDefaultType(p)) return Placeholder.Erased;
        int from = p.Token.Start;
        Node? declaration;
        if (p.Token.Type == TokenType.Function)
        {
            declaration = ParseDefaultFunction(p, from, FunctionForm.Plain);
        }
        else if (p.Is(KnownName.Async) && Statements.BeginsAsyncFunction(p))
        {
            p.Next();
            declaration = ParseDefaultFunction(p, from, FunctionForm.Async);
        }
        else if (p.Token.Type == TokenType.Class)
        {
            declaration = ParseDefaultClass(p);
        }
        else
        {
            declaration = Expressions.ParseAssignment(p);
            p.Semicolon();
        }

        if (declaration is null) return Placeholder.Erased;
        if (p.IsTyped) AddExport(p, "default", at);
        return new ExportDefaultDeclaration(start, p.Token.LastEnd, declaration);
    }

    private static FunctionDeclaration? ParseDefaultFunction(ProgramParser p, int start, FunctionForm form)
    {
        p.Next();
        if (p.Eat(TokenType.Star)) form |= FunctionForm.Generator;
        Identifier? name = null;
        if (p.Token.Type != TokenType.LeftParenthesis && !(p.IsTyped && p.Token.Type == TokenType.Less))
        {
            name = Identifiers.ParseIdentifier(p);
            if (!p.IsTyped) Identifiers.CheckBinding(p, name, DeclarationKind.Lexical);
        }

        FunctionDeclaration? function = Functions.ParseFunctionRest(p, start, name, form);
        if (p.IsTyped && function?.Id is { } id) Identifiers.CheckBinding(p, id, DeclarationKind.Lexical);
        return function;
    }

    private static ClassDeclaration ParseDefaultClass(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        bool wasStrict = Classes.EnterClass(p);
        Identifier? name = Classes.ParseClassName(p);
        if (name is not null) Identifiers.CheckBinding(p, name, DeclarationKind.Lexical);
        (Expression? super, ClassBody body) = Classes.ParseClassTail(p, wasStrict);
        return new ClassDeclaration(start, p.Token.LastEnd, name, super, body);
    }

    private static ExportNamedDeclaration ParseExportNames(ProgramParser p, int start)
    {
        p.Next();
        int mark = p.Nodes.Count;
        int firstLocal = p.LocalExports.Count;
        Expression? stringLocal = null;
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (!p.IsTyped || !SkipTypeSpecifier(p, Specifier.Export))
            {
                ExportSpecifier specifier = ParseExportSpecifier(p);
                if (specifier.Local is StringLiteral) stringLocal ??= specifier.Local;
                p.Nodes.Push(specifier);
            }

            p.Separate(TokenType.RightBrace);
        }

        ImmutableArray<ExportSpecifier> specifiers = p.Nodes.Take<ExportSpecifier>(mark);
        p.Next();
        StringLiteral? source = null;
        ImmutableArray<ImportAttribute> attributes = [];
        if (p.Eat(KnownName.From))
        {
            // The names belong to another module: any word is allowed, and this module need not declare them.
            p.LocalExports.CutTo(firstLocal);
            source = Primaries.ParseString(p);
            attributes = ParseAttributes(p);
        }
        else
        {
            if (stringLocal is not null) p.EarlyError(stringLocal.Start, "A string can only name what another module exports; 'from' is missing");
            CheckLocalNames(p, firstLocal);
        }

        p.Semicolon();
        return new ExportNamedDeclaration(start, p.Token.LastEnd, null, specifiers, source, attributes);
    }

    private static ExportSpecifier ParseExportSpecifier(ProgramParser p)
    {
        int start = p.Token.Start;
        Expression local = ParseModuleName(p);
        Expression exported = p.Eat(KnownName.As) ? ParseModuleName(p) : local;
        AddExport(p, NameOf(exported), exported.Start);
        if (p.State.Ambient == 0 && local is Identifier identifier) p.LocalExports.Add(identifier);
        return new ExportSpecifier(start, p.Token.LastEnd, local, exported);
    }

    private static void CheckLocalNames(ProgramParser p, int from)
    {
        for (int i = from; i < p.LocalExports.Count && !p.Failed; i++)
        {
            Identifier name = p.LocalExports[i];
            int number = p.Names.Find(name.Name);
            if (p.Names.Type(number) != TokenType.Identifier) p.EarlyError(name.Start, $"The reserved word '{name.Name}' cannot be exported");
            else if (number <= KnownName.LastStrictReserved) Identifiers.CheckReserved(p, number, name.Start);
        }
    }

    public static void AddDeclaredExports(ProgramParser p, Statement declaration)
    {
        switch (declaration)
        {
            case VariableDeclaration variables:
                foreach (VariableDeclarator declarator in variables.Declarations) AddPatternExports(p, declarator.Id);
                break;
            case FunctionDeclaration { Id: { } name }:
                AddExport(p, name.Name, name.Start);
                break;
            case ClassDeclaration { Id: { } name }:
                AddExport(p, name.Name, name.Start);
                break;
        }
    }

    private static void AddPatternExports(ProgramParser p, Node pattern) => Patterns.EachTarget(p, pattern, static (p, target) =>
    {
        if (target is Identifier identifier) AddExport(p, identifier.Name, identifier.Start);
    });

    private static void AddExport(ProgramParser p, string name, int offset)
    {
        if (p.State.Ambient > 0) return;
        if (!p.Exports.TryAdd(name)) p.EarlyError(offset, $"'{name}' is exported twice");
    }

    // 16.2.1.1: names that are exported must be declared at the top.
    public static void CheckExports(ProgramParser p)
    {
        foreach (Identifier name in p.LocalExports.Items)
        {
            int number = p.Names.Find(name.Name);
            if (p.Scopes.IsDeclared(number)) continue;
            p.EarlyError(name.Start, $"'{name.Name}' is exported but not declared{(p.IsTyped ? "; a type is exported with 'export type'" : "")}");
        }
    }
}
