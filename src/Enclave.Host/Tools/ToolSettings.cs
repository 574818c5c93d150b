namespace Enclave.Tools;

/// <summary>The settings for the tools of a host.</summary>
internal sealed record ToolSettings
{
    /// <summary>The registered tools.</summary>
    public ToolCollection Tools { get; init; } = new();

    /// <summary>Answers the calls of tools that are not registered; null for none.</summary>
    public ToolHandler? Handler { get; init; }

    /// <summary>Decides about calls that need an approval; null if no tool needs one.</summary>
    public Func<ToolApprovalRequest, ValueTask<ToolApproval>>? OnApproval { get; init; }

    /// <summary>The longest wait for an approval.</summary>
    public TimeSpan ApprovalTimeout { get; init; }

    /// <summary>The most runs that may wait for an approval at once.</summary>
    public int MaxPendingApprovals { get; init; }

    /// <summary>The source of tools' secrets; null for none.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>As <see cref="EnclaveOptions.DetailedToolErrors"/>.</summary>
    public bool DetailedErrors { get; init; }

    /// <summary>As <see cref="EnclaveOptions.VerboseErrors"/>.</summary>
    public bool VerboseErrors { get; init; }

    /// <summary>The clock of windows, turns and approvals.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
