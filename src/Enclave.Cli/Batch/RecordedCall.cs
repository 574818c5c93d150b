using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>An expected call of a script, and its answer.</summary>
/// <param name="Args">The arguments as JSON; null if any match, any number of times.</param>
internal sealed record RecordedCall(string Name, ScriptValue? Args, BatchToolAnswer Answer)
{
    /// <exception cref="FormatException">It is not a recorded call.</exception>
    public static RecordedCall Parse(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out JsonElement name))
            throw new FormatException("a recorded call must be an object with a name");
        bool any = call.TryGetProperty("any_args", out JsonElement set) && set.ValueKind == JsonValueKind.True;
        if (!any && !call.TryGetProperty("args", out _)) throw new FormatException("a recorded call must have args or any_args");
        return new RecordedCall(name.GetString()!, any ? null : ScriptValue.From(call.GetProperty("args")), BatchToolAnswer.Parse(call));
    }
}
