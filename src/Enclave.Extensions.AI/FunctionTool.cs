using System.Text.Json;
using System.Text.RegularExpressions;
using Enclave.Protocol;
using Enclave.Tools;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>Makes a tool of scripts from a function of an agent.</summary>
internal static partial class FunctionTool
{
    /// <exception cref="ArgumentException">It is not a function, or cannot be a tool.</exception>
    public static ToolDefinition Of(AITool tool, string? prefix, Func<AIFunction, ToolOptions, ToolOptions>? limits)
    {
        ArgumentNullException.ThrowIfNull(tool);
        AIFunction function = tool as AIFunction ?? tool.GetService<AIFunction>()
            ?? throw new ArgumentException($"The tool '{tool.Name}' is not an AIFunction: only a model's provider can call it, scripts cannot.");
        // Approval is asked for each call of a script by the host; the function itself is called directly.
        bool isAsked = tool.GetService<ApprovalRequiredAIFunction>() is not null;
        var options = new ToolOptions
        {
            Description = string.IsNullOrWhiteSpace(function.Description) ? null : function.Description,
            RequiresApproval = isAsked
        };
        if (limits is not null) options = limits(function, options) ?? throw new ArgumentException($"limits gave null for '{function.Name}'.");
        return ToolDefinition.Create(NameOf(function, prefix), function.JsonSchema, CallAsync, function.ReturnJsonSchema,
            options);

        async ValueTask<object?> CallAsync(ScriptValue arguments, ToolContext context, CancellationToken token)
        {
            object? result = await function.InvokeAsync(Arguments(arguments, context), token).ConfigureAwait(false);
            return FunctionResult.Of(result, function.JsonSerializerOptions);
        }
    }

    /// <summary>Functions of Semantic Kernel have the name of their plugin in front already: <c>orders_list</c> with the prefix <c>orders</c>.</summary>
    private static string NameOf(AIFunction function, string? prefix)
    {
        string name = GivenName(function);
        if (prefix is null) return name;
        bool has = name.Length > prefix.Length + 1 && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && name[prefix.Length] is '_' or '-' or '.';
        return $"{prefix}:{(has ? name[(prefix.Length + 1)..] : name)}";
    }

    /// <summary>
    /// The compiler calls a local function <c>&lt;Main&gt;g__Pay|0_1</c>. An <see cref="AIFunction"/> of it is <c>_Main_g_Pay_0_1</c> if it has no other name.
    /// </summary>
    private static string GivenName(AIFunction function) =>
        LocalFunction().Match(function.UnderlyingMethod?.Name ?? "") is { Success: true } own
            && function.Name.EndsWith($"_{own.Groups["name"].Value}_{own.Groups["numbers"].Value}", StringComparison.Ordinal)
            ? own.Groups["name"].Value
            : function.Name;

    [GeneratedRegex(@">g__(?<name>\w+)\|(?<numbers>\w+)$")]
    private static partial Regex LocalFunction();

    private static AIFunctionArguments Arguments(ScriptValue arguments, ToolContext context)
    {
        var given = new AIFunctionArguments { Context = new Dictionary<object, object?> { [typeof(ToolContext)] = context } };
        // As JSON, like arguments from a model: the function binds them by its own settings.
        foreach ((string name, JsonElement member) in ArgumentJson.MembersOf(arguments, context)) given[name] = member;
        return given;
    }
}
