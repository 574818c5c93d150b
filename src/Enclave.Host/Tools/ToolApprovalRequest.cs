using Enclave.Protocol;

namespace Enclave;

/// <summary>A call that must be approved before it is made.</summary>
public sealed class ToolApprovalRequest
{
    internal ToolApprovalRequest(ToolDefinition tool, ScriptValue arguments, ToolContext context, CancellationToken cancellationToken) =>
        (Tool, Arguments, Context, CancellationToken) = (tool, arguments, context, cancellationToken);

    /// <summary>The called tool.</summary>
    public ToolDefinition Tool { get; }

    /// <summary>The arguments from the script. They fit the tool's type.</summary>
    public ScriptValue Arguments { get; }

    /// <summary>The calling run: its tenant, its context, the name of its source.</summary>
    public ToolContext Context { get; }

    /// <summary>Cancelled when nobody waits any more: the run has ended, or <see cref="EnclaveOptions.ApprovalTimeout"/> has passed.</summary>
    public CancellationToken CancellationToken { get; }
}
