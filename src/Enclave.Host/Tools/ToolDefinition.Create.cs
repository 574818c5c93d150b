using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Limits;
using Enclave.OpenApi;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave;

/// <content>Tools whose schemas exist already.</content>
public sealed partial class ToolDefinition
{
    /// <summary>A tool whose schemas exist already, for <see cref="ToolCollection.Add(ToolDefinition)"/> or a <see cref="ToolSource"/>.</summary>
    /// <param name="name">What scripts call it by: a letter, then letters, digits and <c>:_-</c>; at most 256 characters.</param>
    /// <param name="argumentsSchema">
    /// The JSON schema of the arguments, any dialect. They are held to it before the handler is called. It may be somebody else's text: at most 1 MB and 2,000 parts of it
    /// are read, and what is beyond is left open, as are keywords that are not known.
    /// </param>
    /// <param name="handler">The function. It gets the script's arguments as they are, and gives anything that <see cref="ScriptValue.From"/> takes.</param>
    /// <param name="resultSchema">The JSON schema of the result, which models are told; null where it is not known. Results are not held to it.</param>
    /// <param name="options">Its limits; null for none.</param>
    /// <exception cref="ArgumentException">The name is not one, or an option is out of its range.</exception>
    public static ToolDefinition Create(
        string name, JsonElement argumentsSchema, Func<ScriptValue, ToolContext, CancellationToken, ValueTask<object?>> handler, JsonElement? resultSchema = null, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ToolCollection.CheckName(name);
        if (options is not null) ToolOptionsCheck.Check(options);
        JsonObject arguments = GivenSchema.Of(argumentsSchema, SchemaUse.Request);
        JsonObject result = resultSchema is { } given ? GivenSchema.Of(given, SchemaUse.Response) : [];
        var tool = new ToolDefinition(name, null, options ?? new ToolOptions(), arguments, result, CallAsync);
        // What it declares of its effects is checked now, not with the first call.
        _ = tool.Declaration;
        return tool;

        async Task<object?> CallAsync(object? arguments, ToolContext context, CancellationToken token) =>
            ToolResult.From(await handler((ScriptValue)arguments!, context, token).ConfigureAwait(false));
    }
}
