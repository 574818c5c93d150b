using System.Text.Json;
using Enclave.Client.Sessions;
using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>A session that was started, or taken up again. Made by <see cref="EnclaveClient"/>; for any number of threads.</summary>
public sealed class ClientSession : IAsyncDisposable
{
    private readonly SessionRunner _runner;
    private readonly SessionRun _run;
    private readonly SessionEventFeed _feed;
    private readonly ToolResultSender _tools;

    internal ClientSession(SessionRunner runner, SessionRun run, SessionEventFeed feed, ToolResultSender tools)
    {
        _runner = runner;
        _run = run;
        _feed = feed;
        _tools = tools;
        Events = new SessionEventEnumerable(feed);
    }

    /// <summary>Its name, as the broker calls it.</summary>
    public string SessionId => _run.Name;

    /// <summary>Its result. Settles in every case and never throws; whether <see cref="Events"/> are read makes no difference to it.</summary>
    public Task<SessionResult> Completion => _run.Completion;

    /// <summary>
    /// The events in order, without repeats, as they come; they end with the session. One reader at a time: another gets an <see cref="InvalidOperationException"/>.
    /// </summary>
    /// <remarks>Who reads misses nothing, and the broker waits for him. Before and after, <see cref="EnclaveClientOptions.MaxBufferedEvents"/> wait for a reader, and later ones are counted in <see cref="EventsMissed"/>.</remarks>
    public IAsyncEnumerable<SessionEvent> Events { get; }

    /// <summary>Events that found no room while nobody read <see cref="Events"/>.</summary>
    public long EventsMissed => _feed.Missed;

    /// <summary>The number for <see cref="EnclaveClient.ResumeAsync"/> that brings what has not come yet; null before the first event.</summary>
    public long? NextSeq => _run.Next;

    /// <summary>Cancels. <see cref="Completion"/> becomes <see cref="ClientErrorCodes.Cancelled"/> at once, unless it has its result.</summary>
    /// <param name="reason">For the broker, and the message of the result. Default: null, none.</param>
    /// <param name="cancellationToken">Ends the wait for the broker's answer, not the cancel.</param>
    /// <returns>What the broker said to it, within <see cref="EnclaveClientOptions.CancelTimeout"/>. It throws for nothing that a broker does.</returns>
    public Task<CancelOutcome> CancelAsync(string? reason = null, CancellationToken cancellationToken = default) => _runner.CancelAsync(_run, reason, cancellationToken);

    /// <summary>Answers a tool call, at a broker that leaves the tools of this session to its client. It is sent once.</summary>
    /// <param name="callId">From the <see cref="ToolCall"/>.</param>
    /// <param name="value">What the call gives to the script.</param>
    /// <exception cref="EnclaveClientException">The broker refused it (<see cref="ClientErrorCodes.SessionError"/>), or did not answer.</exception>
    public Task AnswerToolCallAsync(string callId, JsonElement value, CancellationToken cancellationToken = default) => _tools.AnswerAsync(SessionId, callId, value, cancellationToken);

    /// <summary>Fails a tool call: it throws in the script.</summary>
    /// <param name="callId">From the <see cref="ToolCall"/>.</param>
    /// <param name="message">What the script reads.</param>
    /// <param name="code">The tool's own code. Default: null, none.</param>
    /// <exception cref="EnclaveClientException">The broker refused it (<see cref="ClientErrorCodes.SessionError"/>), or did not answer.</exception>
    public Task FailToolCallAsync(string callId, string message, string? code = null, CancellationToken cancellationToken = default) => _tools.FailAsync(SessionId, callId, message, code, cancellationToken);

    /// <summary>Ends the reading. A session without a result is cancelled, and the broker told while nobody waits.</summary>
    public async ValueTask DisposeAsync()
    {
        SessionRunner.Abandon(_run);
        await _run.Completion.ConfigureAwait(false);
    }
}
