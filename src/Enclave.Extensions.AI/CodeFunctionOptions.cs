using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>Options of the function that <see cref="AIToolExtensions.AsAIFunction"/> makes.</summary>
public sealed record CodeFunctionOptions
{
    /// <summary>The name that models call it by. Default: <c>run_code</c>.</summary>
    public string Name { get; init; } = "run_code";

    /// <summary>Options of its runs, tools of their own included; its description names these too. Default: the host's.</summary>
    public RunOptions? Run { get; init; }

    /// <summary>
    /// Changes <see cref="Run"/> for one call: its tenant, for example, from what the chat client put into the arguments' services or context. Default: null,
    /// nothing.
    /// </summary>
    public Func<AIFunctionArguments, RunOptions, RunOptions>? ForCall { get; init; }

    /// <summary>
    /// Most characters of the value and the console lines that a model gets. A larger value is an error that tells the model to return less. Range: 100 to
    /// 10,000,000. Default: 50,000.
    /// </summary>
    public int MaxResultCharacters { get; init; } = 50_000;

    /// <summary>
    /// Tokens, estimated at three characters each, that the tools may take in the description; with more of them it has an index, for models that also have
    /// the other functions of <see cref="AIToolExtensions.AsAIFunctions"/>. Range: 100 to 1,000,000. Default: 4,000.
    /// </summary>
    public int MaxToolTokens { get; init; } = 4_000;
}
