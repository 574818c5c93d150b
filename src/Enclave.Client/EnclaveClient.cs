using Enclave.Client.Http;
using Enclave.Client.Options;
using Enclave.Client.Sessions;
using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>
/// Runs scripts at a broker over HTTP: ours, or upstream's. Thread-safe, for any number of sessions
/// at once. Create one per broker and keep it (docs/client.md).
/// </summary>
public sealed class EnclaveClient : IAsyncDisposable, IDisposable
{
    private readonly EnclaveClientOptions _options;
    private readonly BrokerConnection _broker;
    private readonly SessionRunner _runner;
    private readonly ToolResultSender _tools;

    /// <summary>Creates a client with these settings.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="http">Sends the requests; the caller disposes it. Its own timeout should be infinite, and its handler should not follow redirects.
    /// Default: null, a client of its own.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="FormatException">A header cannot be sent.</exception>
    public EnclaveClient(EnclaveClientOptions options, HttpClient? http = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _broker = new BrokerConnection(options, http);
        _runner = new SessionRunner(_broker, options);
        _tools = new ToolResultSender(_broker, options);
    }

    /// <summary>Creates a client with the default settings.</summary>
    /// <param name="baseUrl">The broker's address.</param>
    /// <param name="http">As in the other constructor.</param>
    public EnclaveClient(Uri baseUrl, HttpClient? http = null)
        : this(new EnclaveClientOptions { BaseUrl = baseUrl }, http)
    {
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="code">The script.</param>
    /// <param name="options">The options of the session. Default: null, the client's settings.</param>
    /// <param name="cancellationToken">Cancels the session. The broker is notified in the background, for at most
    /// <see cref="EnclaveClientOptions.CancelTimeout"/>.</param>
    /// <returns>The result. Failures of broker and network are in <see cref="SessionResult.Error"/>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before the result arrived.</exception>
    public async Task<SessionResult> ExecuteAsync(string code, ExecuteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ClientSessionPlan plan = Plan(code, options);
        cancellationToken.ThrowIfCancellationRequested();
        SessionRun run = _runner.Start(plan, feed: null);
        await using (cancellationToken.Register(() => SessionRunner.Abandon(run)).ConfigureAwait(false))
        {
            SessionResult result = await run.Completion.ConfigureAwait(false);
            // Disposal also cancels the session, but not the caller's token.
            if (run.EndedByStop && result.Error!.Code == ClientErrorCodes.Cancelled) cancellationToken.ThrowIfCancellationRequested();
            return result;
        }
    }

    /// <summary>Starts a script.</summary>
    /// <param name="code">The script.</param>
    /// <param name="options">The options of the session. Default: null, the client's settings.</param>
    /// <param name="cancellationToken">Cancels the session until the broker has answered; has no effect afterwards.</param>
    /// <returns>The session, as soon as the broker has answered. A refusal is in its <see cref="ClientSession.Completion"/>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before the broker answered.</exception>
    public Task<ClientSession> StartAsync(string code, ExecuteOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(Plan(code, options), cancellationToken);

    /// <summary>Resumes a session that was started earlier or elsewhere: reads its events from a number on.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="fromSeq">The number of the first event wanted. Range: 0 and above; 0 for all.</param>
    /// <param name="options">Only its filter and timeout are used; name, limits and encryption of the
    /// session are fixed. Default: null, the client's settings.</param>
    /// <param name="cancellationToken">Cancels the wait for the broker's answer. The session continues.</param>
    /// <returns>The session, as soon as the broker has answered. A refusal is in its <see cref="ClientSession.Completion"/>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before the broker answered.</exception>
    /// <exception cref="InvalidOperationException">Encryption is required: only the
    /// <see cref="ClientSession"/> that started a session has its keys.</exception>
    public Task<ClientSession> ResumeAsync(string sessionId, long fromSeq = 0, ExecuteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_runner.IsDisposed, this);
        SessionName.Require(sessionId, nameof(sessionId));
        ArgumentOutOfRangeException.ThrowIfNegative(fromSeq);
        options?.Validate();
        if ((options?.Encryption ?? _options.Encryption) == EncryptionMode.Required)
            throw new InvalidOperationException("an encrypted session can only be read by the client session that started it");
        long? from = fromSeq == 0 ? null : fromSeq;
        return OpenAsync(new ClientSessionPlan
        {
            SessionId = sessionId,
            Address = _broker.Routes.Stream(sessionId, from, options?.Filter),
            OpeningAction = "resume",
            Timeout = options?.Timeout ?? _options.Timeout,
            Filter = options?.Filter,
            From = from,
        }, cancellationToken);
    }

    /// <summary>Returns one session.</summary>
    /// <returns>The session as the broker describes it; null if it does not know the name.</returns>
    /// <exception cref="EnclaveClientException">The broker refused, or did not answer.</exception>
    public async Task<SessionInfo?> GetSessionAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        SessionName.Require(sessionId, nameof(sessionId));
        BrokerResponse answer = await AskAsync(HttpMethod.Get, _broker.Routes.Session(sessionId), cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404) return null;
        return answer.IsSuccess ? SessionInfoReader.Read(answer) : throw Refused("get session", answer);
    }

    /// <summary>Returns all sessions of the caller.</summary>
    /// <exception cref="EnclaveClientException">The broker refused, or did not answer.</exception>
    public async Task<IReadOnlyList<SessionInfo>> ListSessionsAsync(CancellationToken cancellationToken = default)
    {
        BrokerResponse answer = await AskAsync(HttpMethod.Get, _broker.Routes.Sessions, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess ? SessionInfoReader.ReadList(answer) : throw Refused("list sessions", answer);
    }

    /// <summary>Cancels a running session, and removes it from the broker.</summary>
    /// <returns>True if the broker knew it.</returns>
    /// <exception cref="EnclaveClientException">The broker refused, or did not answer.</exception>
    public async Task<bool> DeleteSessionAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        SessionName.Require(sessionId, nameof(sessionId));
        BrokerResponse answer = await AskAsync(HttpMethod.Delete, _broker.Routes.Session(sessionId), cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404) return false;
        return answer.IsSuccess ? true : throw Refused("delete session", answer);
    }

    /// <summary>Cancels a session by its name. It may have been started elsewhere.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Sent to the broker. Default: null, none.</param>
    /// <param name="cancellationToken">Cancels the wait for the broker's answer.</param>
    public Task<CancelOutcome> CancelSessionAsync(string sessionId, string? reason = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_runner.IsDisposed, this);
        SessionName.Require(sessionId, nameof(sessionId));
        return BrokerCancel.SendAsync(_broker, _options, sessionId, reason, cancellationToken);
    }

    /// <summary>
    /// Cancels the running sessions, waits until the broker is notified, at most
    /// <see cref="EnclaveClientOptions.CancelTimeout"/>, and closes the connections.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync().ConfigureAwait(false);
        _broker.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    private ClientSessionPlan Plan(string code, ExecuteOptions? options)
    {
        ObjectDisposedException.ThrowIf(_runner.IsDisposed, this);
        ArgumentNullException.ThrowIfNull(code);
        options ??= new ExecuteOptions();
        options.Validate();
        string id = options.SessionId ?? $"{StreamProtocol.SessionPrefix}{Guid.NewGuid():D}";
        EncryptionMode encryption = options.Encryption ?? _options.Encryption;
        SealedEvents? events = encryption == EncryptionMode.Disabled ? null : new SealedEvents(encryption);
        return new ClientSessionPlan
        {
            SessionId = id,
            Address = _broker.Routes.Sessions,
            Body = RequestBodies.Execute(id, code, options, events?.Request),
            OpeningAction = "start",
            Timeout = options.Timeout ?? _options.Timeout,
            Opener = events,
            Filter = options.Filter,
        };
    }

    private async Task<ClientSession> OpenAsync(ClientSessionPlan plan, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var feed = new SessionEventFeed(_options.MaxBufferedEvents, _options.MaxBufferedBytes);
        SessionRun run = _runner.Start(plan, feed);
        try
        {
            await run.Answered.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (plan.OpeningAction == "start") SessionRunner.Abandon(run);
            else SessionRunner.Detach(run);
            throw;
        }

        return new ClientSession(_runner, run, feed, _tools);
    }

    private Task<BrokerResponse> AskAsync(HttpMethod method, Uri address, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_runner.IsDisposed, this);
        return _broker.AskAsync(method, address, null, _options.Timeout, cancellation);
    }

    private static EnclaveClientException Refused(string what, BrokerResponse answer) =>
        new(ClientErrorCodes.SessionError, $"Failed to {what}: {answer.Status}", answer.Status);
}
