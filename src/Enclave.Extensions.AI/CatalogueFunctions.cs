using System.ComponentModel;
using Enclave.Models;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>The functions by which a model finds the tools that an index only names.</summary>
internal sealed class CatalogueFunctions(IEnclave enclave, CodeFunctionOptions options)
{
    public AIFunction Search() => AIFunctionFactory.Create(
        ([Description("Words of what the tool does.")] string query, AIFunctionArguments call, int limit = 10) =>
            enclave.SearchTools(query, Math.Clamp(limit, 1, ToolIndex.MaxFound), RunOf(call))
                .Select((tool) => new FoundTool(tool.Name, tool.Description)).ToArray(),
        "search_tools",
        $"Finds the tools that scripts can call, by words of what they do: at most {ToolIndex.MaxFound} at once.");

    public AIFunction Describe() => AIFunctionFactory.Create(
        ([Description("Names of tools.")] string[] names, AIFunctionArguments call) => Describe(names, RunOf(call)),
        "describe_tools",
        $"Gives the TypeScript declarations of at most {ToolIndex.MaxDescribed} tools by their names: read them before you call a tool in a script.");

    private string Describe(string[] names, RunOptions run)
    {
        if (names.Length <= ToolIndex.MaxDescribed) return enclave.DescribeTools(names, run);
        string first = enclave.DescribeTools(names[..ToolIndex.MaxDescribed], run);
        return $"{first}// The first {ToolIndex.MaxDescribed} of {names.Length} names: ask for the others in another call.\n";
    }

    /// <summary>The run that a script of this call would be: its tenant decides which tools there are.</summary>
    private RunOptions RunOf(AIFunctionArguments call) =>
        RunOptions.OfModel(options.ForCall is null ? options.Run : CodeFunction.RunOf(options, call));

    private sealed record FoundTool(string Name, string? Description);
}
