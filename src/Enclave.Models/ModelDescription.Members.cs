using System.Text;
using System.Text.RegularExpressions;

namespace Enclave.Models;

/// <content>Tools as members of namespaces.</content>
internal sealed partial class ModelDescription
{
    /// <summary>One object type with a member for each tool: <c>orders:list</c> is <c>tools.orders.list</c>.</summary>
    private string Members(ToolDefinition[] tools)
    {
        if (tools.Length == 0) return Declarations(tools);
        var root = new Member();
        foreach (ToolDefinition tool in tools) tool.Name.Split(':').Aggregate(root, static (parent, part) => parent.Part(part)).Tool = tool;
        StringBuilder types = new(), text = new();
        text.Append("// A member of tools is a tool: tools.a.b(args) is callTool('a:b', args).\ndeclare const tools: ");
        Write(root, "", text, types, new TypeScriptScope());
        return types.Append(text).Append(";\n").ToString();
    }

    private void Write(Member member, string indent, StringBuilder text, StringBuilder types, TypeScriptScope scope)
    {
        text.Append("{\n");
        string inner = $"{indent}  ";
        foreach ((string name, Member part) in member.Parts)
        {
            string key = Identifier().IsMatch(name) ? name : TypeScriptText.Quoted(name);
            if (part.Tool is { } tool)
            {
                (string note, string mark, string taken, string returned) = Signature(tool, types, scope);
                string parameters = Indented($"(args{mark}: {taken})", inner), result = Indented($"Promise<{returned}>", inner);
                if (note.Length > 0) text.Append(inner).Append(note);
                text.Append(inner).Append(key);
                // A tool's name may be the beginning of others.
                text.Append(part.Parts.Count == 0 ? $"{parameters}: {result}" : $": ({parameters} => {result}) & ");
            }
            else
            {
                text.Append(inner).Append(key).Append(": ");
            }

            if (part.Parts.Count > 0) Write(part, inner, text, types, scope);
            text.Append(";\n");
        }

        text.Append(indent).Append('}');
    }

    private static string Indented(string type, string indent) => type.Replace("\n", $"\n{indent}", StringComparison.Ordinal);

    [GeneratedRegex("^[A-Za-z_$][A-Za-z0-9_$]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    /// <summary>A part of names of tools.</summary>
    private sealed class Member
    {
        public SortedDictionary<string, Member> Parts { get; } = new(StringComparer.Ordinal);

        public ToolDefinition? Tool { get; set; }

        public Member Part(string name)
        {
            if (!Parts.TryGetValue(name, out Member? part)) Parts[name] = part = new Member();
            return part;
        }
    }
}
