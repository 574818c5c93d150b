using Enclave.Models;

namespace Enclave.Mcp;

/// <summary>Options of an MCP server that runs scripts (<see cref="CodeServer"/>).</summary>
public sealed record CodeServerOptions
{
    /// <summary>The name that clients are given. Default: <c>enclave</c>.</summary>
    public string Name { get; init; } = "enclave";

    /// <summary>Options of its runs that differ from the host's, tools of their own included. Default: none.</summary>
    public RunOptions? Run { get; init; }

    /// <summary>
    /// Tokens of an answer, estimated at three characters each. A larger value keeps its shape and loses items, members and ends of texts, with their
    /// numbers; the console and a long error are cut too. Range: 50 to 1,000,000. Default: 10,000.
    /// </summary>
    public int MaxResultTokens { get; init; } = AnswerLimits.DefaultTokens;

    /// <summary>
    /// Bytes of the pictures, sounds and files that a client gets with an answer, ten at most: objects <c>{ mimeType, data, name }</c> in the script's value,
    /// whose <c>data</c> are bytes. Range: 0 to 16 MB. Default: 1 MB.
    /// </summary>
    public int MaxContentBytes { get; init; } = AnswerLimits.DefaultContentBytes;

    /// <summary>
    /// The time after which a script that has not ended is answered with what it printed and a handle. There is then a tool
    /// <c>wait_code</c> for its end. Range: 10 ms to 300 s. Default: null, an answer only at its end.
    /// </summary>
    public TimeSpan? YieldAfter { get; init; }

    /// <summary>
    /// Tokens, roughly, that the tools may take in the description of <c>run_code</c>; with more of them it has an index. Range: 100 to 1,000,000. Default:
    /// 4,000.
    /// </summary>
    public int MaxToolTokens { get; init; } = 4_000;

    /// <summary>Where clients find the description of what a script may write. Default: <see cref="CodeDescription.Whole"/>.</summary>
    public CodeDescription Description { get; init; }

    /// <summary>Longest wait for a person whom a client asks for an approval. Range: 1 ms to 24 h. Default: 5 minutes.</summary>
    public TimeSpan ApprovalTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The owner whose later requests may answer the questions of a request without a session; an empty text for every client that has the state. Null where
    /// questions are put within the call.
    /// </summary>
    internal string? AnswersFrom { get; init; }
}
