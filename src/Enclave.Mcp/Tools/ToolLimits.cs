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
        // Hints that are missing have the protocol's defaults: not read-only, destructive, open world.
        IsDestructive = tool.Annotations is not ({ ReadOnlyHint: true } or { DestructiveHint: false }),
        IsUnannotated = tool.Annotations is null or { ReadOnlyHint: null, DestructiveHint: null },
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
            AreEffectsAssumed = tool.IsUnannotated,
            RequiresApproval = NeedsApproval(tool, options.Approval)
        };
        if (options.Tool is not null)
        {
            ToolEffects assumed = limits.Effects;
            limits = options.Tool(tool, limits) ?? throw new ArgumentException($"McpSourceOptions.Tool gave null for {tool.Name}.");
            if (limits.Effects != assumed) limits = limits with { AreEffectsAssumed = false };
        }

        return options.Tenant is { } tenant ? OnlyFor(tenant, limits) : limits;
    }

    /// <summary>
    /// The server acts with the tenant's credentials, so the operator's function may close a tool to this tenant, but cannot open it to others.
    /// </summary>
    private static ToolOptions OnlyFor(string tenant, ToolOptions limits) =>
        limits with { AllowedTenants = limits.AllowedTenants?.Contains(tenant, StringComparer.Ordinal) == false ? [] : [tenant] };

    private static ToolEffects Effects(McpTool tool)
    {
        // A search of the web only reads, and its words still leave for anywhere.
        ToolEffects effects = (tool.IsReadOnly ? ToolEffects.Reads : ToolEffects.Writes) | (tool.IsClosedWorld ? ToolEffects.None : ToolEffects.Sends);
        return tool.IsDestructive ? effects | ToolEffects.Deletes : effects;
    }

    private static bool NeedsApproval(McpTool tool, McpApproval approval) => approval switch
    {
        McpApproval.Never => false,
        McpApproval.Always => true,
        McpApproval.UnlessReadOnly => !tool.IsReadOnly,
        // A tool without annotations does not count as destructive: otherwise each call of a server without annotations would wait for a person.
        _ => tool.IsDestructive && !tool.IsUnannotated,
    };
}
