namespace Enclave.Mcp;

/// <summary>
/// Runs the scripts of a <see cref="CodeServer"/> and describes their tools. <see cref="CodeServer.HostOf"/> returns one for a host of this process; a program
/// whose scripts run elsewhere implements its own.
/// </summary>
/// <remarks>Its methods may be called concurrently.</remarks>
public interface ICodeHost
{
    /// <summary>Runs a script to its end. A failure of the script is a result, not an exception.</summary>
    /// <param name="code">The script.</param>
    /// <param name="run">Its options. <see cref="RunOptions.Context"/> is the client, for <see cref="CodeServer.AskClientAsync"/>.</param>
    /// <param name="observer">Notified of calls and lines while the script runs, one at a time and in their order.</param>
    /// <param name="cancellationToken">Stops the script.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ExecutionResult> RunAsync(string code, RunOptions run, ICodeObserver observer, CancellationToken cancellationToken);

    /// <summary>Finds tools by words that describe them, the best match first.</summary>
    /// <param name="query">The words.</param>
    /// <param name="limit">Maximum number of tools. Range: 1 to 100.</param>
    /// <param name="run">The options of the runs that will call them; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    ValueTask<IReadOnlyList<ToolDefinition>> SearchToolsAsync(string query, int limit, RunOptions? run, CancellationToken cancellationToken);

    /// <summary>Gives the TypeScript declarations of tools. Unknown names are listed in a comment.</summary>
    /// <param name="names">At most 100 names.</param>
    /// <param name="run">The options of the runs that will call them; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the description.</param>
    ValueTask<string> DescribeToolsAsync(IReadOnlyCollection<string> names, RunOptions? run, CancellationToken cancellationToken);

    /// <summary>Describes the language, the limits and the tools for a model. Too many tools are replaced by an index.</summary>
    /// <param name="maxToolTokens">The budget of the tools' declarations, in tokens. Range: 100 to 1,000,000.</param>
    /// <param name="run">The options of the runs; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the description.</param>
    ValueTask<string> DescribeForModelAsync(int maxToolTokens, RunOptions? run, CancellationToken cancellationToken);
}
