using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Schemas.Checks;
using Enclave.Tools;

namespace Enclave;

/// <content>Tools with existing schemas.</content>
public sealed partial class ToolDefinition
{
    /// <summary>Creates a tool with existing schemas, for <see cref="ToolCollection.Add(ToolDefinition)"/> or a <see cref="ToolSource"/>.</summary>
    /// <param name="name">The tool's name: a letter, then letters, digits and <c>:_-</c>; at most 256 characters.</param>
    /// <param name="argumentsSchema">
    /// The JSON schema of the arguments, of draft 4 to 2020-12. Arguments are checked against it before the handler is called. It may be foreign text: at
    /// most 1 MB and 2,000 parts of it are read, and parts beyond these limits accept any value. Annotations and formats are not checked.
    /// </param>
    /// <param name="handler">The function. It gets the script's arguments unchanged, and returns any value that <see cref="ScriptValue.From"/> accepts.</param>
    /// <param name="resultSchema">The JSON schema of the result, for models; null if unknown. Results are not checked against it.</param>
    /// <param name="options">Its limits; null for none.</param>
    /// <exception cref="ArgumentException">
    /// The name is invalid, an option is out of its range, or arguments cannot be held to their schema: a reference that leads nowhere or in a circle, a
    /// pattern that cannot be read, a keyword without its meaning, or <c>$dynamicRef</c>.
    /// </exception>
    public static ToolDefinition Create(
        string name, JsonElement argumentsSchema, Func<ScriptValue, ToolContext, CancellationToken, ValueTask<object?>> handler,
        JsonElement? resultSchema = null, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ToolCollection.CheckName(name);
        if (options is not null) ToolOptionsCheck.Check(options);
        try
        {
            return Make(name, GivenSchema.OfArguments(argumentsSchema), handler, resultSchema, options);
        }
        catch (UnheldSchemaException fault)
        {
            throw new ArgumentException($"Tool {name}: its arguments cannot be held to their schema: {fault.Message}.", nameof(argumentsSchema), fault);
        }
    }

    /// <summary>
    /// As <see cref="Create"/>, for a tool of another server, which checks its arguments too: parts of the schema that cannot be held accept any value.
    /// </summary>
    internal static ToolDefinition CreateForeign(
        string name, JsonElement argumentsSchema, Func<ScriptValue, ToolContext, CancellationToken, ValueTask<object?>> handler, JsonElement? resultSchema,
        ToolOptions options)
    {
        ToolCollection.CheckName(name);
        ToolOptionsCheck.Check(options);
        try
        {
            return Make(name, GivenSchema.OfForeignArguments(argumentsSchema), handler, resultSchema, options);
        }
        catch (UnheldSchemaException)
        {
            // The references of the schema form a circle.
            return Make(name, new JsonObject { ["type"] = "object" }, handler, resultSchema, options);
        }
    }

    private static ToolDefinition Make(
        string name, JsonObject arguments, Func<ScriptValue, ToolContext, CancellationToken, ValueTask<object?>> handler, JsonElement? resultSchema,
        ToolOptions? options)
    {
        JsonObject result = resultSchema is { } given ? GivenSchema.OfResult(given) : [];
        SchemaNode held = SchemaCompiler.Compile(arguments, SchemaHold.Whole);
        var tool = new ToolDefinition(name, null, options ?? new ToolOptions(), arguments, held, result, CallAsync);

        // Its declared effects are checked now, not at the first call.
        _ = tool.Declaration;
        return tool;

        async Task<object?> CallAsync(object? arguments, ToolContext context, CancellationToken token)
        {
            object? result = await handler((ScriptValue)arguments!, context, token).ConfigureAwait(false);
            if (result is LaterResult or SerializedResult) return result;
            if (result is JsonElement json) await ToolResult.HoldAsync(name, json, context, beside: 0, token).ConfigureAwait(false);
            return ToolResult.From(result);
        }
    }
}
