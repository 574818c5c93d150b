using System.Text.RegularExpressions;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;

namespace Enclave.Host.Tests.Models;

/// <summary>The language as a host's text for models tells it: the constructs that it leaves out, and the globals that it names.</summary>
internal sealed class ToldLanguage
{
    private static readonly ParserOptions s_body = new()
    {
        TopLevel = TopLevel.Return | TopLevel.Await,
        Edition = LanguageEdition.Latest,
        Mode = LanguageMode.Strict,
        Language = SourceLanguage.Either,
    };

    private readonly string _missing;
    private readonly HashSet<string> _globals;

    private ToldLanguage(string missing, IEnumerable<string> globals)
    {
        _missing = missing;
        _globals = [.. globals, "callTool", "parallel", "console", "undefined", "NaN", "Infinity"];
    }

    public static ToldLanguage In(string text)
    {
        string[] lines = text.Split('\n');
        string globals = lines.Single((line) => line.StartsWith("Globals: ", StringComparison.Ordinal))["Globals: ".Length..];
        return new ToldLanguage(
            lines.SingleOrDefault((line) => line.StartsWith("There are not: ", StringComparison.Ordinal)) ?? "", globals.Split(", and console")[0].Split(", "));
    }

    /// <summary>True if the program uses no construct that the text leaves out, and no global that it does not name.</summary>
    public bool IsFollowedBy(string program)
    {
        if (Parser.Parse(program, s_body) is not { Success: true } parsed) return false;
        if (ScopeAnalysis.Analyze(parsed.Program).FreeNames().Any((name) => !_globals.Contains(name))) return false;
        var constructs = new Constructs(program);
        constructs.Visit(parsed.Program);
        return !constructs.Found.Any(IsMissing);
    }

    private bool IsMissing(string construct) => Regex.IsMatch(_missing, $@"(: |; ){Regex.Escape(construct)}( \(write |;|\.)");

    /// <summary>Collects constructs of a program by the words of the text.</summary>
    private sealed class Constructs(string program) : AstVisitor
    {
        public HashSet<string> Found { get; } = [];

        public override void Visit(Node node)
        {
            if (Name(node) is { } name) Found.Add(name);
            base.Visit(node);
        }

        private string? Name(Node node) => node switch
        {
            WhileStatement => "while",
            DoWhileStatement => "do-while",
            ForInStatement => "for-in",
            FunctionDeclaration => "the function keyword",
            // The function of a method begins at its parameters.
            FunctionExpression when program[node.Start] != '(' => "the function keyword",
            Property { PropertyKind: PropertyKind.Get or PropertyKind.Set } => "getters and setters",
            Property { IsMethod: true } => "methods in objects",
            MethodDefinition => "classes with methods",
            RegExpLiteral => "regular expressions",
            MemberExpression { IsComputed: false, Property: Identifier { Name: "constructor" or "prototype" or "__proto__" } } => "constructor and prototype",
            MemberExpression { Property: StringLiteral { Value: "constructor" or "prototype" or "__proto__" } } => "constructor and prototype",
            CallExpression { Callee: Identifier { Name: "callTool" }, Arguments: [not StringLiteral, ..] } => "tool names made at run time",
            CallExpression
            {
                Callee: MemberExpression { Object: Identifier { Name: "JSON" }, Property: Identifier { Name: "parse" or "stringify" } },
                Arguments: [_, not NullLiteral, ..],
            } => "JSON.parse and JSON.stringify with a callback",
            _ => null,
        };
    }
}
