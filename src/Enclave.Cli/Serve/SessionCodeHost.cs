using System.Text;
using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Mcp;
using Enclave.Models;
using Enclave.Streaming;

namespace Enclave.Cli.Serve;

/// <summary>Runs the scripts of one MCP client as sessions of the broker, on its runtimes.</summary>
internal sealed class SessionCodeHost(IBrokerSessions sessions, RuntimeCatalogue catalogue, Caller caller) : ICodeHost
{
    public async Task<ExecutionResult> RunAsync(string code, RunOptions run, ICodeObserver observer, CancellationToken cancellationToken)
    {
        var request = new SessionRequest { Code = code, Language = run.Language, OfModel = true };
        (ISessionView? session, BrokerError? refusal) = await sessions.OpenAsync(caller, request, cancellationToken).ConfigureAwait(false);
        if (session is null) return SessionAnswer.Of(refusal!);
        session.ReaderCame();
        bool hasEnded = false;
        try
        {
            ExecutionResult result = await ReadAsync(session, observer, cancellationToken).ConfigureAwait(false);
            hasEnded = true;
            return result;
        }
        finally
        {
            session.ReaderLeft();
            // This session has no other reader.
            if (!hasEnded) await session.CancelAsync(SessionEnd.Cancelled("the MCP client cancelled the call, or is gone"), default).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<ToolDefinition>> SearchToolsAsync(string query, int limit, RunOptions? run, CancellationToken cancellationToken)
    {
        RemoteCatalogue tools = await catalogue.GetAsync(cancellationToken).ConfigureAwait(false);
        return tools.SearchTools(query, limit, run);
    }

    public async ValueTask<string> DescribeToolsAsync(IReadOnlyCollection<string> names, RunOptions? run, CancellationToken cancellationToken)
    {
        RemoteCatalogue tools = await catalogue.GetAsync(cancellationToken).ConfigureAwait(false);
        return tools.DescribeTools(names, run);
    }

    public async ValueTask<string> DescribeForModelAsync(int maxToolTokens, RunOptions? run, CancellationToken cancellationToken)
    {
        RemoteCatalogue tools = await catalogue.GetAsync(cancellationToken).ConfigureAwait(false);
        return tools.DescribeForModelWithin(maxToolTokens, catalogue.Limited(run));
    }

    private static async Task<ExecutionResult> ReadAsync(ISessionView session, ICodeObserver observer, CancellationToken cancellationToken)
    {
        // The broker bounds it (MaxStdoutBytes).
        var console = new StringBuilder();
        var events = new List<LoggedEvent>();
        for (long next = session.FirstKept; ;)
        {
            events.Clear();
            ReadOutcome outcome = await session.ReadAsync(next, events, cancellationToken).ConfigureAwait(false);
            foreach (LoggedEvent line in events)
            {
                next = line.Seq + 1;
                if (!EventReader.TryRead(line.Plain, EventTolerance.Exact, out SessionEvent? happened, out _)) continue;
                switch (happened.Payload)
                {
                    case ToolCall call: await observer.OnToolCallAsync(call.ToolName, cancellationToken).ConfigureAwait(false); break;
                    case Stdout { Chunk: var text }:
                        console.Append(text);
                        await observer.OnConsoleAsync(ConsoleLevel.Log, text, cancellationToken).ConfigureAwait(false);
                        break;
                    case Final final: return SessionAnswer.Of(final, console.ToString()) with { RunId = session.Id };
                }
            }

            // Events of a run that printed more than the broker keeps are dropped, also the last one if the session was lost.
            if (outcome == ReadOutcome.Events) continue;
            if (outcome == ReadOutcome.Lost && session.FirstKept > next) next = session.FirstKept;
            else return SessionAnswer.Lost;
        }
    }
}
