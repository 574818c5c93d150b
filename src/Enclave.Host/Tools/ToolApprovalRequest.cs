using Enclave.Protocol;

namespace Enclave;

/// <summary>A call that must be approved before it is made.</summary>
public sealed class ToolApprovalRequest
{
    internal ToolApprovalRequest(ToolDefinition tool, ScriptValue arguments, ToolContext context, string? token, CancellationToken cancellationToken) =>
        (Tool, Arguments, Context, Token, CancellationToken) = (tool, arguments, context, token, cancellationToken);

    /// <summary>The called tool.</summary>
    public ToolDefinition Tool { get; }

    /// <summary>The arguments from the script. They fit the tool's type.</summary>
    public ScriptValue Arguments { get; }

    /// <summary>
    /// The arguments as a person should see them before deciding: the JSON that a tool gets, in at most 4,000 characters, with escapes for all that is
    /// invisible, blanks in a row included. Null if not even all names fit: then a person cannot know what is approved.
    /// </summary>
    /// <remarks>Every name and every short value is shown. Where a long value or list is cut, a mark outside of quotes says how much is missing.</remarks>
    public string? ShownArguments => Tools.ShownArguments.Of(Arguments);

    /// <summary>The calling run: its tenant, its context, the name of its source.</summary>
    public ToolContext Context { get; }

    /// <summary>The token of a decision that comes later (<see cref="ToolApproval.Later"/>). Null if the run is not durable.</summary>
    public string? Token { get; }

    /// <summary>Cancelled when the decision comes too late: the run has ended, or <see cref="EnclaveOptions.ApprovalTimeout"/> has passed.</summary>
    public CancellationToken CancellationToken { get; }
}
