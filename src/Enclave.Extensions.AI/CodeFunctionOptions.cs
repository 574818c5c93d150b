using Enclave.Models;
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
    /// Tokens of an answer, estimated at three characters each. A larger value keeps its shape and loses items, members and ends of texts, with their
    /// numbers; the console and a long error are cut too. Range: 50 to 1,000,000. Default: 10,000.
    /// </summary>
    public int MaxResultTokens { get; init; } = AnswerLimits.DefaultTokens;

    /// <summary>
    /// Bytes of the pictures, sounds and files that a model gets with an answer, ten at most: objects <c>{ mimeType, data, name }</c> in the script's value,
    /// whose <c>data</c> are bytes. Range: 0 to 16 MB. Default: 1 MB.
    /// </summary>
    public int MaxContentBytes { get; init; } = AnswerLimits.DefaultContentBytes;

    /// <summary>
    /// The time after which a script that has not ended is answered with what it printed and a handle. Needs
    /// <see cref="AIToolExtensions.AsAIFunctions"/>, which has <c>wait_code</c> for its end. Range: 10 ms to 300 s. Default: null, an answer only at its end.
    /// </summary>
    public TimeSpan? YieldAfter { get; init; }

    /// <summary>
    /// Tokens, estimated at three characters each, that the tools may take in the description; with more of them it has an index, for models that also have
    /// the other functions of <see cref="AIToolExtensions.AsAIFunctions"/>. Range: 100 to 1,000,000. Default: 4,000.
    /// </summary>
    public int MaxToolTokens { get; init; } = 4_000;
}
