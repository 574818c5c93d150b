using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>A call that a script is expected to make, and what it is answered.</summary>
/// <param name="Args">The arguments as JSON gives them; null when any will do, any number of times.</param>
internal sealed record RecordedCall(string Name, ScriptValue? Args, BatchToolAnswer Answer)
{
    /// <exception cref="FormatException">It is no such call.</exception>
    public static RecordedCall Parse(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out JsonElement name)) throw new FormatException("a recorded call is an object with a name");
        bool any = call.TryGetProperty("any_args", out JsonElement set) && set.ValueKind == JsonValueKind.True;
        if (!any && !call.TryGetProperty("args", out _)) throw new FormatException("a recorded call has args, or any_args");
        return new RecordedCall(name.GetString()!, any ? null : ScriptValue.From(call.GetProperty("args")), BatchToolAnswer.Parse(call));
    }
}
