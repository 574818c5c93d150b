using System.Globalization;
using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>
/// Converts the host's events of one session to events of the wire. One instance per session. Not thread-safe, except for <see cref="PassDeadline"/>.
/// </summary>
internal sealed class WireEvents
{
    private const int ShownCharacters = 100;

    private static readonly EventPayload[] s_nothing = [];

    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private int _deadlinePassed;
    private ExecutionError? _toolFailure;
    // Calls that the peer has seen begin and not end. The end of any other call must not be sent.
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>When a session of a journal began, by the wall clocks of its hosts. Null for a session of this process: its time is measured.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>How a cancelled session ends.</summary>
    public required WireCancel Cancel { get; init; }

    /// <summary>
    /// Returns the arguments of a waiting call if its event had no room for them
    /// (<see cref="ExecutionSession.PendingToolCalls"/>). Null if the call is not waiting.
    /// </summary>
    public Func<string, ScriptValue?>? PendingArgs { get; init; }

    /// <summary>
    /// Distinguishes the calls of this session from those of others, for a peer that answers a call without naming the session; null if answers name it.
    /// </summary>
    public string? CallScope { get; init; }

    /// <summary>Milliseconds until the deadline; null for none.</summary>
    public long? DeadlineMs { get; init; }

    /// <summary>
    /// True if calls after a failed one are refused (<see cref="EnclaveSessionOptions.RefuseCallsAfterFailure"/>). The peer does not see them.
    /// </summary>
    public bool CancelOnFirstError { get; init; }

    /// <summary>Maximum size of one event as a line, in bytes. A larger result ends the session; a larger call fails.</summary>
    public long MaxEventBytes { get; init; } = long.MaxValue;

    /// <summary>Fails a call that waits for the peer because its arguments do not fit into an event. Returns false if it does not wait for the peer.</summary>
    public Func<string, ToolException, bool>? FailCall { get; init; }

    /// <summary>The host's clock. The time of a session is measured from here on.</summary>
    public TimeProvider Clock
    {
        get;
        init => (field, _begun) = (value, value.GetTimestamp());
    } = TimeProvider.System;

    /// <summary>The first event of every session. The host has no event for it.</summary>
    public static SessionInit Init(string sessionId, DateTimeOffset expiresAt, SessionEncryption? encryption = null) => new()
    {
        CancelUrl = $"/sessions/{Uri.EscapeDataString(WireJson.Text(sessionId))}/cancel",
        ExpiresAt = expiresAt,
        Encryption = encryption ?? new SessionEncryption(false),
    };

    /// <summary>Marks the deadline as passed. Cancel the session with the returned reason; its last event then reports the deadline.</summary>
    public string PassDeadline()
    {
        Volatile.Write(ref _deadlinePassed, 1);
        return WireFinal.DeadlineText;
    }

    /// <summary>The host's id of a call; null if the wire's id belongs to no call of this session.</summary>
    public string? HostCallId(string wireId)
    {
        if (CallScope is null) return wireId;
        string prefix = StreamProtocol.CallPrefix + CallScope + "_";
        return wireId.StartsWith(prefix, StringComparison.Ordinal) ? string.Concat(StreamProtocol.CallPrefix, wireId.AsSpan(prefix.Length)) : null;
    }

    /// <summary>Converts one event of the host to events of the wire, in order; often none.</summary>
    public IReadOnlyList<EventPayload> Of(ExecutionEvent happened) => happened switch
    {
        ConsoleEvent line => [.. WireSize.Pieces(WireJson.Text(line.Text) + "\n", MaxEventBytes).Select(static (piece) => new Stdout(piece))],
        ToolCallEvent call => Called(call),
        ToolProgressEvent progress => [Progress(progress, WireCallId(progress.CallId))],
        PartialResultEvent part => [Part(part)],
        ToolResultEvent answer => Answered(answer),
        HeartbeatEvent => [new Heartbeat(happened.Time)],
        EventsDroppedEvent dropped => [Dropped(dropped)],
        FinishedEvent end => Finished(end),
        _ => s_nothing,
    };

    /// <summary>
    /// Reports that events were dropped before they were read, and repeats the calls among
    /// them that wait for the peer, which would otherwise not see them.
    /// </summary>
    public IEnumerable<EventPayload> Missed(long first, long firstKept, IReadOnlyList<PendingToolCall> pending) =>
    [
        new LogEntry { Level = LogSeverity.Warn, Message = $"events {first} to {firstKept - 1} are missing here" },
        .. pending.SelectMany((call) => Called(call.CallId, call.Name, call.Args, call.Since)),
    ];

    private EventPayload[] Called(ToolCallEvent call) =>
        Called(call.CallId, call.Name, call.PayloadOmitted ? PendingArgs?.Invoke(call.CallId) : call.Args, call.Time);

    private EventPayload[] Called(string hostId, string name, ScriptValue? args, DateTimeOffset since)
    {
        if ((CancelOnFirstError && _toolFailure is not null) || _open.Contains(hostId)) return s_nothing;
        string id = WireCallId(hostId);
        var told = new ToolCall { CallId = id, ToolName = WireJson.Text(name), Args = WireJson.Args(args) };
        if (!WireSize.Fits(told, MaxEventBytes))
        {
            string shown = told.ToolName.Length <= ShownCharacters ? told.ToolName : told.ToolName[..ShownCharacters];
            var why = new ToolException(WireSize.TooLargeText($"the arguments of {shown} are too large as JSON", MaxEventBytes))
            {
                Name = "RangeError",
                Code = ToolCode.ArgumentsTooLarge,
            };
            if (FailCall?.Invoke(hostId, why) == true) return s_nothing;
            // The tool runs in the host and has its arguments; this event is only for information.
            told = told with { ToolName = shown, Args = WireJson.Args(null) };
        }

        _open.Add(hostId);
        return
        [
            told,
            new ToolProgress { CallId = id, Phase = ToolPhase.Connecting, ElapsedMs = 0 },
            new ToolProgress { CallId = id, Phase = ToolPhase.Processing, ElapsedMs = Math.Round(Elapsed(since).TotalMilliseconds) },
        ];
    }

    /// <summary>The time of a call, no longer than the session's: the wall clock may have been set since.</summary>
    private TimeSpan Elapsed(DateTimeOffset since)
    {
        TimeSpan elapsed = Clock.GetUtcNow() - since, most = Clock.GetElapsedTime(_begun);
        return elapsed < TimeSpan.Zero ? TimeSpan.Zero : elapsed < most ? elapsed : most;
    }

    private string WireCallId(string hostId) =>
        CallScope is null ? hostId : $"{StreamProtocol.CallPrefix}{CallScope}_{hostId.AsSpan(StreamProtocol.CallPrefix.Length)}";

    private static ToolProgress Progress(ToolProgressEvent progress, string id) => new()
    {
        CallId = id,
        Phase = progress.Bytes is null ? ToolPhase.Processing : ToolPhase.Receiving,
        ElapsedMs = Math.Round(progress.Elapsed.TotalMilliseconds),
        BytesReceived = progress.Bytes,
        TotalBytes = progress.TotalBytes,
    };

    private PartialResult Part(PartialResultEvent part)
    {
        string[] path = [.. part.Path.Select(WireJson.Text)];
        var whole = new PartialResult { Path = path, Data = part.PayloadOmitted ? null : WireJson.Of(part.Data), HasNext = true };
        return part.PayloadOmitted || !WireSize.Fits(whole, MaxEventBytes)
            ? new PartialResult
            {
                Path = path,
                Error = new ErrorPayload { Code = SessionCode.PayloadOmitted, Message = "the part had no room in its event", Path = path },
                HasNext = true
            }
            : whole;
    }

    private EventPayload[] Answered(ToolResultEvent answer)
    {
        // Later calls are refused because of the first failure, so that one is kept.
        if (answer.Error is not null && !(CancelOnFirstError && _toolFailure is not null)) _toolFailure = answer.Error;
        if (!_open.Remove(answer.CallId)) return s_nothing;
        return [new ToolResultApplied(WireCallId(answer.CallId))];
    }

    private static LogEntry Dropped(EventsDroppedEvent dropped) => new()
    {
        Level = LogSeverity.Warn,
        Message = "events are missing here",
        Data = JsonDocument.Parse(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"consoleLines":{{dropped.ConsoleLines}},"reports":{{dropped.Reports}},"toolEvents":{{dropped.ToolEvents}}}""")).RootElement,
    };

    private EventPayload[] Finished(FinishedEvent end)
    {
        ExecutionResult result = end.Result;
        TimeSpan duration = Began is { } began ? end.Time - began : Clock.GetElapsedTime(_begun);
        // Clocks of two hosts may differ by more than the session took.
        if (duration < TimeSpan.Zero) duration = TimeSpan.Zero;
        if (result.Error is not { Code: ErrorCode.Cancelled } error)
        {
            Final ended = Ended(result, duration);
            return [WireSize.Fits(ended, MaxEventBytes) ? ended : WireSize.TooLarge(ended, MaxEventBytes)];
        }

        string reason = Reason(error);
        if (Volatile.Read(ref _deadlinePassed) == 1 && reason == WireFinal.DeadlineText)
        {
            double elapsed = Math.Round(duration.TotalMilliseconds), budget = DeadlineMs ?? Math.Max(1, elapsed);
            // The timer may fire a tick early; the event must not report less time than the deadline.
            return [new DeadlineExceeded(Math.Max(elapsed, budget), budget), WireFinal.Of(result, duration, SessionCode.DeadlineExceeded, reason)];
        }

        Final final = WireFinal.Of(result, duration, SessionCode.Cancelled, reason);
        return Cancel == WireCancel.FinalOnly ? [final] : [new SessionError { Code = SessionCode.Cancelled, Message = reason, Recoverable = false }, final];
    }

    private Final Ended(ExecutionResult result, TimeSpan duration)
    {
        string? code = CodeOfTool(result.Error);
        // If the script ended because of a refused call, the session ends with the cause of the refusal.
        return CancelOnFirstError && code == SessionCode.Cancelled
            ? WireFinal.Of(result, duration, SessionCode.Cancelled, WireFinal.CancelledText)
            : WireFinal.Of(result, duration, code);
    }

    private static string Reason(ExecutionError error) =>
        error.Data is not null && error.Data.TryGetValue("reason", out object? reason) && reason is string text and not "cancelled"
            ? WireJson.Text(text)
            : WireFinal.CancelledText;

    /// <summary>The tool's own code, if its failure ended the script.</summary>
    private string? CodeOfTool(ExecutionError? error)
    {
        if (error is not { Code: ErrorCode.ToolError }) return null;
        ExecutionError told = HasCode(error) || _toolFailure?.Message != error.Message ? error : _toolFailure;
        return HasCode(told) ? WireJson.Text((string)told.Data!["code"]!) : null;
    }

    private static bool HasCode(ExecutionError error) =>
        error.Data is not null && error.Data.TryGetValue("code", out object? code) && code is string { Length: > 0 };
}
