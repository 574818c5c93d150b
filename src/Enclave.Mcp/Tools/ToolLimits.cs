using Enclave.Schemas;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tools;

/// <summary>The limits of a tool, by its server's description and the operator's options.</summary>
internal static class ToolLimits
{
    private const int DescriptionCharacters = 1_000;

    /// <summary>The tool as the operator's functions see it.</summary>
    public static McpTool Shown(Tool tool, string scriptName) => new()
    {
        Name = tool.Name,
        ScriptName = scriptName,
        Description = LenientJson.OneLine(tool.Description ?? tool.Title ?? tool.Annotations?.Title, DescriptionCharacters),
        IsReadOnly = tool.Annotations?.ReadOnlyHint == true,
        IsDestructive = tool.Annotations is { ReadOnlyHint: not true, DestructiveHint: true },
        IsClosedWorld = tool.Annotations?.OpenWorldHint == false,
    };

    /// <exception cref="ArgumentException">The operator's function gave null.</exception>
    public static ToolOptions Of(McpTool tool, McpSourceOptions options)
    {
        var limits = new ToolOptions
        {
            Description = tool.Description,
            Timeout = options.CallTimeout,
            Effects = Effects(tool),
            RequiresApproval = NeedsApproval(tool, options.Approval)
        };
        return options.Tool is null ? limits : options.Tool(tool, limits) ?? throw new ArgumentException($"McpSourceOptions.Tool gave null for {tool.Name}.");
    }

    private static ToolEffects Effects(McpTool tool)
    {
        if (tool.IsReadOnly) return ToolEffects.Reads;
        // Without the hint of a closed world, the tool may send its arguments to any third party.
        ToolEffects effects = tool.IsClosedWorld ? ToolEffects.Writes : ToolEffects.Writes | ToolEffects.Sends;
        return tool.IsDestructive ? effects | ToolEffects.Deletes : effects;
    }

    private static bool NeedsApproval(McpTool tool, McpApproval approval) => approval switch
    {
        McpApproval.Never => false,
        McpApproval.Always => true,
        McpApproval.UnlessReadOnly => !tool.IsReadOnly,
        _ => tool.IsDestructive,
    };
}
