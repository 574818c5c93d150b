using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>A program with one mistake.</summary>
/// <param name="Kind">The kind of mistake.</param>
/// <param name="Code">The text.</param>
internal sealed record CallMutant(string Kind, string Code);

/// <summary>Makes mistakes in working programs, as models make them. It reads the tree alone, and knows nothing of the check.</summary>
internal sealed class CallMutations : AstVisitor
{
    private const string LostAwait = "lost await", Missing = "missing property", Unknown = "unknown property", WrongType = "wrong type",
        Renamed = "renamed member";

    private static readonly (string Type, string Literal)[] s_literals =
        [("string", "'seven'"), ("number", "7.5"), ("boolean", "true"), ("array", "['a']"), ("object", "{ a: 1 }")];

    private readonly CallProgram _program;
    private readonly List<CallMutant> _mutants = [];
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private readonly List<Identifier> _members = [];
    private readonly HashSet<Node> _harmless = [];

    private CallMutations(CallProgram program) => _program = program;

    public static IReadOnlyList<CallMutant> Of(CallProgram program)
    {
        ParseResult parsed = Parser.Parse(program.Code, new ParserOptions { TopLevel = TopLevel.Return | TopLevel.Await, Language = SourceLanguage.Either });
        if (parsed.Program is not { } tree) return [];
        var mutations = new CallMutations(program);
        mutations.Visit(tree);
        mutations.Rename();
        return mutations._mutants;
    }

    protected override void VisitReturnStatement(ReturnStatement node)
    {
        // To return a promise is to return its value.
        if (node.Argument is AwaitExpression) _harmless.Add(node.Argument);
        base.VisitReturnStatement(node);
    }

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        // So is to keep it in a name that is only returned.
        if (node is { Id: Identifier name, Init: AwaitExpression } && Regex.Count(_program.Code, $@"\b{name.Name}\b") == 2
            && _program.Code.Contains($"return {name.Name};", StringComparison.Ordinal)) _harmless.Add(node.Init);
        base.VisitVariableDeclarator(node);
    }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node)
    {
        if (node.Body is AwaitExpression) _harmless.Add(node.Body);
        base.VisitArrowFunctionExpression(node);
    }

    protected override void VisitAwaitExpression(AwaitExpression node)
    {
        bool isOfTool = node.Argument is CallExpression call && (ToolOf(call) is not null || Text(call.Callee) is "parallel" or "Promise.all");
        if (isOfTool && !_harmless.Contains(node)) Replace(LostAwait, node.Start, node.Argument.Start, "");
        base.VisitAwaitExpression(node);
    }

    protected override void VisitCallExpression(CallExpression node)
    {
        if (ToolOf(node) is { } tool && _program.Tools.TryGet(tool, out ToolDefinition? definition))
        {
            Expression? given = Text(node.Callee) == "callTool" ? node.Arguments.ElementAtOrDefault(1) : node.Arguments.ElementAtOrDefault(0);
            if (given is ObjectExpression members && members.Properties.All((member) => member is Property)) Arguments(members, definition.ArgumentsSchema);
            NoteMembers(definition.ResultSchema);
        }

        base.VisitCallExpression(node);
    }

    protected override void VisitMemberExpression(MemberExpression node)
    {
        if (node is { IsComputed: false, Property: Identifier name }) _members.Add(name);
        base.VisitMemberExpression(node);
    }

    protected override void VisitObjectExpression(ObjectExpression node)
    {
        foreach (Property property in node.Properties.OfType<Property>())
        {
            if (property.Key is Identifier key) _own.Add(key.Name);
        }

        base.VisitObjectExpression(node);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        if (node.Left is MemberExpression { Property: Identifier name }) _own.Add(name.Name);
        base.VisitAssignmentExpression(node);
    }

    /// <summary>The name of the called tool, if the text says it.</summary>
    private string? ToolOf(CallExpression call)
    {
        string callee = Text(call.Callee);
        if (callee == "callTool") return call.Arguments is [StringLiteral name, ..] ? name.Value : null;
        return callee.StartsWith("tools.", StringComparison.Ordinal) ? callee["tools.".Length..].Replace('.', ':') : null;
    }

    private void Arguments(ObjectExpression given, JsonNode schema)
    {
        if (schema["properties"] is not JsonObject properties) return;
        bool isClosed = schema["additionalProperties"] is JsonValue;
        foreach (Property property in given.Properties.Cast<Property>())
        {
            if (property.Key is not Identifier key || property.IsComputed || properties[key.Name] is not JsonObject expected) continue;
            string[] types = expected["type"] is JsonArray several ? [.. several.Select((type) => (string)type!)] : [(string?)expected["type"] ?? ""];
            foreach ((string type, string literal) in s_literals)
            {
                bool fits = types.Contains("") || types.Contains(type);
                if (!fits) Replace(WrongType, property.Start, property.End, $"{key.Name}: {literal}");
            }

            if (schema["required"] is JsonArray required && required.Any((name) => (string)name! == key.Name))
            {
                int end = property.End;
                while (end < _program.Code.Length && (_program.Code[end] == ',' || char.IsWhiteSpace(_program.Code[end]))) end++;
                Replace(Missing, property.Start, end, "");
            }

            if (!isClosed) continue;
            foreach (string other in Misspelled(key.Name)) Replace(Unknown, property.Start, property.End, $"{other}: {Text(property.Value)}");
        }

        if (!isClosed) return;
        int brace = given.Start + 1;
        string comma = given.Properties.IsEmpty ? " " : ", ";
        foreach (string member in (string[])["verbose: true", "format: 'json'", "options: {}"])
        {
            if (!properties.ContainsKey(member[..member.IndexOf(':', StringComparison.Ordinal)])) Replace(Unknown, brace, brace, $" {member}{comma}");
        }
    }

    private void NoteMembers(JsonNode? schema)
    {
        switch (schema)
        {
            case JsonObject node:
                if (node["properties"] is JsonObject properties)
                {
                    foreach ((string name, _) in properties) _answered.Add(name);
                }

                foreach ((_, JsonNode? part) in node) NoteMembers(part);
                break;
            case JsonArray list:
                foreach (JsonNode? part in list) NoteMembers(part);
                break;
        }
    }

    /// <summary>Members that answers have, and that no object of the program's own has.</summary>
    private void Rename()
    {
        foreach (Identifier member in _members)
        {
            if (!_answered.Contains(member.Name) || _own.Contains(member.Name)) continue;
            foreach (string other in Misspelled(member.Name))
            {
                if (!_answered.Contains(other)) Replace(Renamed, member.Start, member.End, other);
            }
        }
    }

    /// <summary>Wrong names as models write them: of another case, in the plural, with another word.</summary>
    private static IEnumerable<string> Misspelled(string name)
    {
        yield return name.EndsWith('s') ? name[..^1] : name + "s";
        yield return $"{name}_value";
        yield return name.Length > 3 ? $"{name[0]}{name[2]}{name[1]}{name[3..]}x" : $"the{name}";
        yield return $"{char.ToUpperInvariant(name[0])}{name[1..]}";
    }

    private string Text(Node node) => _program.Code[node.Start..node.End];

    private void Replace(string kind, int start, int end, string text) =>
        _mutants.Add(new CallMutant(kind, _program.Code[..start] + text + _program.Code[end..]));
}
