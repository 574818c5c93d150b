using Enclave.Limits;

namespace Enclave.Mcp.Hosts;

/// <summary>Runs scripts on a host of this process.</summary>
internal sealed class LocalCodeHost(IEnclave enclave) : ICodeHost
{
    /// <summary>The host's clock.</summary>
    public TimeProvider? Clock { get; } = enclave.Parts is { } host ? new SteadyClock(host.Settings.Options.TimeProvider) : null;

    /// <summary>
    /// The durable runs, which are suspended while a person is asked; null if none of this script's calls needs an approval, or the host has no durable runs.
    /// </summary>
    public DurableRuns? QuestionsOf(RunOptions run) =>
        enclave is EnclaveHost { Runs: var runs } && runs.Host.Refusal is null && runs.Host.Tools.MayAsk(run) ? runs : null;

    public async Task<ExecutionResult> RunAsync(string code, RunOptions run, ICodeObserver observer, CancellationToken cancellationToken)
    {
        ExecutionResult? result = null;
        var tools = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (ExecutionEvent happened in enclave.StreamAsync(code, run, cancellationToken).ConfigureAwait(false))
        {
            switch (happened)
            {
                case FinishedEvent finished: result = finished.Result; break;
                case ToolCallEvent call:
                    tools[call.CallId] = call.Name;
                    await observer.OnToolCallAsync(call.Name, cancellationToken).ConfigureAwait(false);
                    break;
                case ToolProgressEvent report when tools.TryGetValue(report.CallId, out string? tool):
                    await observer.OnToolProgressAsync(tool, report.Message, report.Fraction, cancellationToken).ConfigureAwait(false);
                    break;
                case ToolResultEvent answer: tools.Remove(answer.CallId); break;
                case ConsoleEvent line: await observer.OnConsoleAsync(line.Level, line.Text, cancellationToken).ConfigureAwait(false); break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return result!;
    }

    public ValueTask<IReadOnlyList<ToolDefinition>> SearchToolsAsync(string query, int limit, RunOptions? run, CancellationToken cancellationToken) =>
        ValueTask.FromResult(enclave.SearchTools(query, limit, RunOptions.OfModel(run)));

    public ValueTask<string> DescribeToolsAsync(IReadOnlyCollection<string> names, RunOptions? run, CancellationToken cancellationToken) =>
        ValueTask.FromResult(enclave.DescribeTools(names, RunOptions.OfModel(run)));

    public ValueTask<string> DescribeForModelAsync(int maxToolTokens, RunOptions? run, CancellationToken cancellationToken) =>
        ValueTask.FromResult(enclave.DescribeForModelWithin(maxToolTokens, RunOptions.OfModel(run)));
}
