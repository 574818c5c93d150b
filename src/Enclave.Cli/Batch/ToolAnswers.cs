using System.Text.Json;
using Enclave.Outcomes;

namespace Enclave.Cli.Batch;

/// <summary>Reads the tools of a job: an object of answers by name, an array of recorded calls, or null for no tools.</summary>
internal static class ToolAnswers
{
    /// <exception cref="FormatException">It has another form.</exception>
    public static ToolHandler Parse(JsonElement tools) => tools.ValueKind switch
    {
        JsonValueKind.Null => (name, _, _) => throw new ToolException($"the job has no tools, but the script called \"{name}\""),
        JsonValueKind.Object => ByName(tools),
        JsonValueKind.Array => new RecordedCalls(tools).CallAsync,
        _ => throw new FormatException("tools must be an object, an array or null"),
    };

    private static ToolHandler ByName(JsonElement tools)
    {
        Dictionary<string, BatchToolAnswer> answers = tools.EnumerateObject()
            .ToDictionary((tool) => tool.Name, (tool) => BatchToolAnswer.Parse(tool.Value), StringComparer.Ordinal);
        return (name, _, context) => answers.TryGetValue(name, out BatchToolAnswer? answer)
            ? answer.GiveAsync(context.CancellationToken)
            : throw new ToolException($"the job has no tool named \"{name}\"") { Code = ToolCode.NotFound };
    }
}
