namespace Enclave;

/// <content>Questions of adapters for agent frameworks.</content>
public sealed partial class EnclaveHost
{
    /// <summary>The names of the tools that this run may call and that need an approval.</summary>
    internal IReadOnlyList<string> ApprovedTools(RunOptions options) =>
        [.. _parts.Rules.Of(options).Tools.Of(options).Where((tool) => tool.Options.RequiresApproval).Select((tool) => tool.Name)];

    /// <summary>True if runs can wait for an answer without a worker.</summary>
    internal bool HasDurableRuns => _parts.Tools.Outer is null;
}
