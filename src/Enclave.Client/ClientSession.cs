using System.Text.Json;
using Enclave.Client.Sessions;
using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>A session that was started or resumed. Created by <see cref="EnclaveClient"/>. Thread-safe.</summary>
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
        Events = feed.ReadAsync();
    }

    /// <summary>Its name at the broker.</summary>
    public string SessionId => _run.Name;

    /// <summary>Its result. Always completes and never throws, also if <see cref="Events"/> are not read.</summary>
    public Task<SessionResult> Completion => _run.Completion;

    /// <summary>
    /// The events in order and without repeats, as they arrive, until the session ends. One reader at a time: a second one gets an
    /// <see cref="InvalidOperationException"/>.
    /// </summary>
    /// <remarks>A reader loses no event: the broker waits for it. Without a reader up to <see cref="EnclaveClientOptions.MaxBufferedEvents"/> are buffered;
    /// further ones are dropped and counted in <see cref="EventsMissed"/>.</remarks>
    public IAsyncEnumerable<SessionEvent> Events { get; }

    /// <summary>Events that were dropped because <see cref="Events"/> had no reader.</summary>
    public long EventsMissed => _feed.Missed;

    /// <summary>
    /// The number to pass to <see cref="EnclaveClient.ResumeAsync"/> to get the events that have not arrived yet; null before the first event.
    /// </summary>
    public long? NextSeq => _run.Next;

    /// <summary>
    /// Cancels. <see cref="Completion"/> completes with <see cref="ClientErrorCodes.Cancelled"/> at once, unless the result is already there.
    /// </summary>
    /// <param name="reason">Sent to the broker, and the message of the result. Default: null, none.</param>
    /// <param name="cancellationToken">Cancels the wait for the broker's answer, but not the cancel itself.</param>
    /// <returns>The broker's answer, within <see cref="EnclaveClientOptions.CancelTimeout"/>. No failure of the broker throws.</returns>
    public Task<CancelOutcome> CancelAsync(string? reason = null, CancellationToken cancellationToken = default) =>
        _runner.CancelAsync(_run, reason, cancellationToken);

    /// <summary>
    /// Answers a tool call, if the broker leaves the tools of this session to its client; in a durable session also a call of <c>waitFor</c>. Sent once.
    /// </summary>
    /// <param name="callId">The id in the <see cref="ToolCall"/>.</param>
    /// <param name="value">The result of the call in the script.</param>
    /// <exception cref="EnclaveClientException">The broker refused it (<see cref="ClientErrorCodes.SessionError"/>), or did not answer.</exception>
    public Task AnswerToolCallAsync(string callId, JsonElement value, CancellationToken cancellationToken = default) =>
        _tools.AnswerAsync(SessionId, callId, value, cancellationToken);

    /// <summary>Fails a tool call: the call throws in the script.</summary>
    /// <param name="callId">The id in the <see cref="ToolCall"/>.</param>
    /// <param name="message">The error message in the script.</param>
    /// <param name="code">The tool's own code. Default: null, none.</param>
    /// <exception cref="EnclaveClientException">The broker refused it (<see cref="ClientErrorCodes.SessionError"/>), or did not answer.</exception>
    public Task FailToolCallAsync(string callId, string message, string? code = null, CancellationToken cancellationToken = default) =>
        _tools.FailAsync(SessionId, callId, message, code, cancellationToken);

    /// <summary>Stops reading. A session without a result is cancelled; this does not wait for the broker's answer.</summary>
    public async ValueTask DisposeAsync()
    {
        SessionRunner.Abandon(_run);
        await _run.Completion.ConfigureAwait(false);
    }
}
