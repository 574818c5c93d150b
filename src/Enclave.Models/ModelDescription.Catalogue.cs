using System.Text;
using Enclave.Protocol.Messages;

namespace Enclave.Models;

/// <content>Many tools: found by words, declared on demand, listed within a budget.</content>
internal sealed partial class ModelDescription
{
    private ToolIndex? _index;

    /// <summary>The tools that match the words best.</summary>
    public IReadOnlyList<ToolDefinition> Search(string query, int limit, RunOptions? run)
    {
        ToolDefinition[] tools = [.. _open.Of(run)];
        ToolIndex? index = Volatile.Read(ref _index);
        // Runs with their own tools get their own index, which is not kept.
        if (index is null || !index.Tools.SequenceEqual(tools))
        {
            index = new ToolIndex(tools);
            if (run?.Tools is null) Volatile.Write(ref _index, index);
        }

        return index.Search(query, limit);
    }

    /// <summary>The declarations of these tools. A comment lists unknown names.</summary>
    public string Describe(IReadOnlyCollection<string> names, RunOptions? run)
    {
        ToolDefinition[] open = [.. _open.Of(run)];
        ToolDefinition[] tools =
            [.. names.Distinct(StringComparer.Ordinal).Select((name) => open.FirstOrDefault((tool) => tool.Name == name)).OfType<ToolDefinition>()];
        string text = tools.Length == 0 ? "" : Declarations(tools);
        string[] unknown = [.. names.Except(tools.Select((tool) => tool.Name), StringComparer.Ordinal)];
        return unknown.Length == 0 ? text : $"{text}// There is no tool {TypeScriptText.Comment(string.Join(", ", unknown))}\n";
    }

    /// <summary>The whole text if the tools' declarations fit into this many tokens; otherwise with an index in their place.</summary>
    public string Within(int maxToolTokens, RunLimits limits, RunOptions? run)
    {
        ToolDefinition[] tools = [.. _open.Of(run)];
        // Stop writing declarations beyond this length: the text is then too long, and thousands of tools need not be written to know that.
        long characters = (long)maxToolTokens * TokenEstimate.Characters;
        string? declared = tools.Length * 10 <= maxToolTokens ? Declarations(tools, characters) : null;
        (string Name, string Type)[] globals = [.. Globals(run).Where((global) => Language.MayName(global.Name))];
        return TypeScript(
            Facts(limits, tools, run),
            (Language.IsWhole ? "" : Known) + Environment(globals),
            declared?.Length <= characters ? declared : Index(tools, maxToolTokens));
    }

    /// <summary>Namespaces with the number of their tools, and as many names as fit.</summary>
    private static string Index(ToolDefinition[] tools, int maxToolTokens)
    {
        int left = maxToolTokens * TokenEstimate.Characters;
        var text = new StringBuilder();
        Add($"// There are {tools.Length} tools. search_tools(query) finds them by words, describe_tools(names) declares them. Ask before you call one.\n");
        Add("declare function callTool(name: string, args?: Record<string, any>): Promise<any>;\n");
        (string Space, string[] Names)[] spaces = [.. tools.GroupBy((tool) => Space(tool.Name), StringComparer.Ordinal)
            .Select((space) => (space.Key, space.Select((tool) => tool.Name).ToArray())).OrderByDescending((space) => space.Item2.Length)];
        string[] heads = [.. spaces.Select((space) => $"// {(space.Space.Length == 0 ? "without a namespace" : space.Space)}: {space.Names.Length}")];
        int shown = 0;
        while (shown < heads.Length && left > heads[shown].Length + 40) left -= heads[shown++].Length + 1;
        // The remaining characters are divided equally among the names.
        int each = shown == 0 ? 0 : Math.Max(0, (left - 40) / shown);
        for (int i = 0; i < shown; i++)
        {
            text.Append(heads[i]);
            int room = each - 8;
            string[] names = [.. spaces[i].Names.Select((name) => spaces[i].Space.Length == 0 ? name : name[(spaces[i].Space.Length + 1)..])
                .TakeWhile((name) => (room -= name.Length + 2) >= 0)];
            if (names.Length > 0) text.Append(" (").AppendJoin(", ", names).Append(names.Length < spaces[i].Names.Length ? ", …)" : ")");
            text.Append('\n');
        }

        return shown == heads.Length ? text.ToString() : text.Append($"// and {heads.Length - shown} more namespaces\n").ToString();

        void Add(string line)
        {
            text.Append(line);
            left -= line.Length;
        }
    }

    private static string Space(string name) => name.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon ? name[..colon] : "";
}
