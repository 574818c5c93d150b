using Enclave.Extensions.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>The function that runs code, for one invocation of an agent.</summary>
/// <param name="enclave">The host.</param>
/// <param name="options">Its options, with those of its runs.</param>
/// <param name="turn">Asks for calls that need approval; null if there is no user to ask while a script runs.</param>
internal sealed class TurnCodeFunction(IEnclave enclave, CodeFunctionOptions options, CodeTurn? turn) : CodeFunction(enclave, options, runs: null)
{
    private string? _description;

    // Written once for an invocation, because the tools do not change during it.
    public override string Description => _description ??= base.Description;

    /// <summary>True if the tools did not fit, so that the model has to search them.</summary>
    public bool HasIndex => Description.Contains("search_tools(query)", StringComparison.Ordinal);

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(CodeTurn) ? turn : base.GetService(serviceType, serviceKey);

    protected override Task<ExecutionResult> RunAsync(string source, RunOptions run, CancellationToken cancellationToken) =>
        turn is not null && FunctionInvokingChatClient.CurrentContext?.CallContent is { } call
            ? turn.RunAsync(source, run, call.CallId, cancellationToken)
            : base.RunAsync(source, run, cancellationToken);
}
