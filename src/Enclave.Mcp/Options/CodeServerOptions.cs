namespace Enclave.Mcp;

/// <summary>Options of an MCP server that runs scripts (<see cref="CodeServer"/>).</summary>
public sealed record CodeServerOptions
{
    /// <summary>The name that clients are given. Default: <c>enclave</c>.</summary>
    public string Name { get; init; } = "enclave";

    /// <summary>Options of its runs that differ from the host's, tools of their own included. Default: none.</summary>
    public RunOptions? Run { get; init; }

    /// <summary>
    /// Most characters of a run's value, and of its console, that a client gets. A larger value is an error that tells the model to return less. Range: 100 to
    /// 10,000,000. Default: 50,000.
    /// </summary>
    public int MaxResultCharacters { get; init; } = 50_000;

    /// <summary>
    /// Tokens, roughly, that the tools may take in the description of <c>run_code</c>; with more of them it has an index. Range: 100 to 1,000,000. Default:
    /// 4,000.
    /// </summary>
    public int MaxToolTokens { get; init; } = 4_000;

    /// <summary>Where clients are told what a script may write. Default: <see cref="CodeDescription.Whole"/>.</summary>
    public CodeDescription Description { get; init; }

    /// <summary>Longest wait for a person whom a client asks for an approval. Range: 1 ms to 24 h. Default: 5 minutes.</summary>
    public TimeSpan ApprovalTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whose later requests may answer the questions of a request without a session: an owner, or an empty text for everybody who has the state. Null where
    /// questions are put within the call.
    /// </summary>
    internal string? AnswersFrom { get; init; }
}
