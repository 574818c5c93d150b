using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Schemas.Checks;

namespace Enclave.Host.Tests.Schemas;

/// <summary>A tool's schema without a run: the check of its arguments alone.</summary>
internal sealed class HeldSchema(SchemaNode node)
{
    /// <summary>Null if the schema is refused where its tool is created.</summary>
    public static HeldSchema? Of(JsonElement schema, out string why)
    {
        why = "";
        try
        {
            return new HeldSchema(ToolDefinition.Create("t", schema, (args, context, token) => default).HeldSchema);
        }
        catch (ArgumentException fault)
        {
            why = fault.Message;
            return null;
        }
    }

    /// <summary>True if a pattern of a schema is in a text.</summary>
    public static bool IsIn(string pattern, string text) =>
        SchemaPattern.Of(pattern)!.IsIn(text, new WorkMeter(TimeSpan.FromMinutes(1), ThreadCpuTime.Now, CancellationToken.None));

    public bool Fits(ScriptValue value) => Difference(value) is null;

    public string? Difference(ScriptValue value) =>
        SchemaCheck.FirstDifference(node, value, new WorkMeter(TimeSpan.FromMinutes(1), ThreadCpuTime.Now, CancellationToken.None));

    /// <summary>The steps that the check takes, in units of those between two looks at the clock.</summary>
    public int Looks(ScriptValue value)
    {
        int looks = 0;
        SchemaCheck.FirstDifference(node, value, new WorkMeter(TimeSpan.Zero, Count, CancellationToken.None));
        return looks;

        TimeSpan Count()
        {
            looks++;
            return TimeSpan.Zero;
        }
    }
}
