using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Export declarations (ECMA-262 16.2.3), and their early errors (16.2.1.1).</summary>
internal sealed partial class ProgramParser
{
    private readonly List<Identifier> _localExports = [];
    private HashSet<string>? _exports;

    private Statement ParseExportStatement(StatementPlace place)
    {
        if (_isTyped && ParseTypedExport(place) is { } typed) return typed;
        if (!AllowsModuleItem(place)) return s_missingStatement;
        int start = Start;
        Next();
        switch (Type)
        {
            case TokenType.Star:
                return ParseExportAll(start);
            case TokenType.Default:
                return ParseExportDefault(start);
            case TokenType.LeftBrace:
                return ParseExportNames(start);
            case TokenType.Var or TokenType.Const or TokenType.Class or TokenType.Function:
            case TokenType.Identifier when _isTyped && BeginsTypedDeclaration():
            case TokenType.Identifier when Is(KnownName.Let) || (Is(KnownName.Async) && BeginsAsyncFunction()):
                Statement declaration = ParseStatement(StatementPlace.List);
                if (ReferenceEquals(declaration, s_erased)) return s_erased;
                AddDeclaredExports(declaration);
                return new ExportNamedDeclaration(start, LastEnd, declaration, [], null, []);
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
        return new ExportAllDeclaration(start, LastEnd, exported, source, attributes);
    }

    private Statement ParseExportDefault(int start)
    {
        int at = Start;
        if (!_isTyped) AddExport("default", at);
        Next();
        if (_isTyped && SkipDefaultType()) return s_erased;
        int from = Start;
        Node? declaration;
        if (Type == TokenType.Function)
        {
            declaration = ParseDefaultFunction(from, FunctionForm.Plain);
        }
        else if (Is(KnownName.Async) && BeginsAsyncFunction())
        {
            Next();
            declaration = ParseDefaultFunction(from, FunctionForm.Async);
        }
        else if (Type == TokenType.Class)
        {
            declaration = ParseDefaultClass();
        }
        else
        {
            declaration = ParseAssignment();
            Semicolon();
        }

        if (declaration is null) return s_erased;
        if (_isTyped) AddExport("default", at);
        return new ExportDefaultDeclaration(start, LastEnd, declaration);
    }

    private FunctionDeclaration? ParseDefaultFunction(int start, FunctionForm form)
    {
        Next();
        if (Eat(TokenType.Star)) form |= FunctionForm.Generator;
        Identifier? name = null;
        if (Type != TokenType.LeftParenthesis && !(_isTyped && Type == TokenType.Less))
        {
            name = ParseIdentifier();
            if (!_isTyped) CheckBinding(name, BindingKind.Lexical);
        }

        FunctionDeclaration? function = ParseFunctionRest(start, name, form);
        if (_isTyped && function?.Id is { } id) CheckBinding(id, BindingKind.Lexical);
        return function;
    }

    private ClassDeclaration ParseDefaultClass()
    {
        int start = Start;
        Next();
        bool wasStrict = EnterClass();
        Identifier? name = ParseClassName();
        if (name is not null) CheckBinding(name, BindingKind.Lexical);
        (Expression? super, ClassBody body) = ParseClassTail(wasStrict);
        return new ClassDeclaration(start, LastEnd, name, super, body);
    }

    private ExportNamedDeclaration ParseExportNames(int start)
    {
        Next();
        int mark = _nodeCount;
        int firstLocal = _localExports.Count;
        Expression? stringLocal = null;
        while (Type != TokenType.RightBrace && !Failed)
        {
            if (!_isTyped || !SkipTypeSpecifier(Specifier.Export))
            {
                ExportSpecifier specifier = ParseExportSpecifier();
                if (specifier.Local is StringLiteral) stringLocal ??= specifier.Local;
                Push(specifier);
            }

            Separate(TokenType.RightBrace);
        }

        ImmutableArray<ExportSpecifier> specifiers = Take<ExportSpecifier>(mark);
        Next();
        StringLiteral? source = null;
        ImmutableArray<ImportAttribute> attributes = [];
        if (Eat(KnownName.From))
        {
            // The names belong to another module: any word is allowed, and this module need not declare them.
            _localExports.RemoveRange(firstLocal, _localExports.Count - firstLocal);
            source = ParseString();
            attributes = ParseAttributes();
        }
        else
        {
            if (stringLocal is not null) EarlyError(stringLocal.Start, "A string can only name what another module exports; 'from' is missing");
            CheckLocalNames(firstLocal);
        }

        Semicolon();
        return new ExportNamedDeclaration(start, LastEnd, null, specifiers, source, attributes);
    }

    private ExportSpecifier ParseExportSpecifier()
    {
        int start = Start;
        Expression local = ParseModuleName();
        Expression exported = Eat(KnownName.As) ? ParseModuleName() : local;
        AddExport(NameOf(exported), exported.Start);
        if (_ambient == 0 && local is Identifier identifier) _localExports.Add(identifier);
        return new ExportSpecifier(start, LastEnd, local, exported);
    }

    private void CheckLocalNames(int from)
    {
        for (int i = from; i < _localExports.Count && !Failed; i++)
        {
            Identifier name = _localExports[i];
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
        if (_ambient > 0) return;
        if (!(_exports ??= []).Add(name)) EarlyError(offset, $"'{name}' is exported twice");
    }

    // 16.2.1.1: names that are exported must be declared at the top.
    private void CheckExports()
    {
        foreach (Identifier name in _localExports)
        {
            int number = Names.Find(name.Name);
            bool isDeclared = number < _nameStates.Length && (_nameStates[number].Declaration != 0 || _nameStates[number].VarTime != 0);
            if (!isDeclared) EarlyError(name.Start, $"'{name.Name}' is exported but not declared{(_isTyped ? "; a type is exported with 'export type'" : "")}");
        }
    }
}
