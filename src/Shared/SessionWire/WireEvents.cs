using System.Globalization;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>What happens in one session of a host, as the wire tells it. One per session; not for several threads, but for <see cref="PassDeadline"/>.</summary>
internal sealed class WireEvents
{
    private const int ShownCharacters = 100;

    private static readonly EventPayload[] s_nothing = [];

    private int _deadlinePassed;
    private ExecutionError? _toolFailure;
    // Calls that the peer was told of and that are not over: those that it does not know of may not be over for it.
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>When the session began, by the host's clock.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>How a cancelled session ends.</summary>
    public required WireCancel Cancel { get; init; }

    /// <summary>The arguments of a call that waits, for an event that had no room for them: <see cref="ExecutionSession.PendingToolCalls"/> has them. Null when the call does not wait.</summary>
    public Func<string, ScriptValue?>? PendingArgs { get; init; }

    /// <summary>What tells the calls of this session from those of others, for a peer who answers a call without naming its session; null when all name it.</summary>
    public string? CallScope { get; init; }

    /// <summary>Milliseconds until the deadline; null for none.</summary>
    public long? DeadlineMs { get; init; }

    /// <summary>
    /// Whether a call after one that failed is refused (<see cref="EnclaveSessionOptions.RefuseCallsAfterFailure"/>): the peer does not hear of it.
    /// </summary>
    public bool CancelOnFirstError { get; init; }

    /// <summary>Bytes that one event may take as a line. What is larger is not sent: a result ends the session, a call fails.</summary>
    public long MaxEventBytes { get; init; } = long.MaxValue;

    /// <summary>Fails a call that waits for the peer, since its arguments do not fit into an event; false when it does not wait for the peer.</summary>
    public Func<string, ToolException, bool>? FailCall { get; init; }

    /// <summary>The host's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The first event of every session, which nothing in the host tells.</summary>
    public static SessionInit Init(string sessionId, DateTimeOffset expiresAt, SessionEncryption? encryption = null) => new()
    {
        CancelUrl = $"/sessions/{Uri.EscapeDataString(WireJson.Text(sessionId))}/cancel",
        ExpiresAt = expiresAt,
        Encryption = encryption ?? new SessionEncryption(false),
    };

    /// <summary>The deadline has passed: cancel the session with the reason that this gives, and its end will say so.</summary>
    public string PassDeadline()
    {
        Volatile.Write(ref _deadlinePassed, 1);
        return WireFinal.DeadlineText;
    }

    /// <summary>The host's name of a call; null when the wire's name is of no call of this session.</summary>
    public string? HostCallId(string wireId)
    {
        if (CallScope is null) return wireId;
        string prefix = StreamProtocol.CallPrefix + CallScope + "_";
        return wireId.StartsWith(prefix, StringComparison.Ordinal) ? string.Concat(StreamProtocol.CallPrefix, wireId.AsSpan(prefix.Length)) : null;
    }

    /// <summary>One event of the host as events of the wire, in their order; often none.</summary>
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
    /// Events made room before they were read: what says so, and the calls among them that wait for the peer, who would not hear of them otherwise.
    /// </summary>
    public IEnumerable<EventPayload> Missed(long first, long firstKept, IReadOnlyList<PendingToolCall> pending) =>
    [
        new LogEntry { Level = LogSeverity.Warn, Message = $"events {first} to {firstKept - 1} are missing here" },
        .. pending.SelectMany((call) => Called(call.CallId, call.Name, call.Args, call.Since)),
    ];

    private EventPayload[] Called(ToolCallEvent call) => Called(call.CallId, call.Name, call.PayloadOmitted ? PendingArgs?.Invoke(call.CallId) : call.Args, call.Time);

    private EventPayload[] Called(string hostId, string name, ScriptValue? args, DateTimeOffset since)
    {
        if ((CancelOnFirstError && _toolFailure is not null) || _open.Contains(hostId)) return s_nothing;
        string id = WireCallId(hostId);
        var told = new ToolCall { CallId = id, ToolName = WireJson.Text(name), Args = WireJson.Args(args) };
        if (!WireSize.Fits(told, MaxEventBytes))
        {
            string shown = told.ToolName.Length <= ShownCharacters ? told.ToolName : told.ToolName[..ShownCharacters];
            var why = new ToolException(WireSize.TooLargeText($"the arguments of {shown} are too large as JSON", MaxEventBytes)) { Name = "RangeError", Code = "TOOL_ARGUMENTS_TOO_LARGE" };
            if (FailCall?.Invoke(hostId, why) == true) return s_nothing;
            // A tool of the host has its arguments; this only tells of the call.
            told = told with { ToolName = shown, Args = WireJson.Args(null) };
        }

        _open.Add(hostId);
        return
        [
            told,
            new ToolProgress { CallId = id, Phase = ToolPhase.Connecting, ElapsedMs = 0 },
            new ToolProgress { CallId = id, Phase = ToolPhase.Processing, ElapsedMs = Math.Round(Math.Max(0, (Clock.GetUtcNow() - since).TotalMilliseconds)) },
        ];
    }

    private string WireCallId(string hostId) => CallScope is null ? hostId : $"{StreamProtocol.CallPrefix}{CallScope}_{hostId.AsSpan(StreamProtocol.CallPrefix.Length)}";

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
            ? new PartialResult { Path = path, Error = new ErrorPayload { Code = "PAYLOAD_OMITTED", Message = "the part had no room in its event", Path = path }, HasNext = true }
            : whole;
    }

    private EventPayload[] Answered(ToolResultEvent answer)
    {
        // The failure that the calls after it are refused for is the first.
        if (answer.Error is not null && !(CancelOnFirstError && _toolFailure is not null)) _toolFailure = answer.Error;
        if (!_open.Remove(answer.CallId)) return s_nothing;
        return [new ToolResultApplied(WireCallId(answer.CallId))];
    }

    private static LogEntry Dropped(EventsDroppedEvent dropped) => new()
    {
        Level = LogSeverity.Warn,
        Message = "events are missing here",
        Data = JsonDocument.Parse(string.Create(
            CultureInfo.InvariantCulture, $$"""{"consoleLines":{{dropped.ConsoleLines}},"reports":{{dropped.Reports}},"toolEvents":{{dropped.ToolEvents}}}""")).RootElement,
    };

    private EventPayload[] Finished(FinishedEvent end)
    {
        ExecutionResult result = end.Result;
        TimeSpan duration = end.Time - Began;
        if (result.Error is not { Code: ErrorCode.Cancelled } error)
        {
            Final ended = Ended(result, duration);
            return [WireSize.Fits(ended, MaxEventBytes) ? ended : WireSize.TooLarge(ended, MaxEventBytes)];
        }

        string reason = Reason(error);
        if (Volatile.Read(ref _deadlinePassed) == 1 && reason == WireFinal.DeadlineText)
        {
            double elapsed = Math.Round(duration.TotalMilliseconds), budget = DeadlineMs ?? Math.Max(1, elapsed);
            // A timer may be a tick of the system early; a deadline that has passed was not.
            return [new DeadlineExceeded(Math.Max(elapsed, budget), budget), WireFinal.Of(result, duration, WireFinal.Deadline, reason)];
        }

        Final final = WireFinal.Of(result, duration, WireFinal.Cancelled, reason);
        return Cancel == WireCancel.FinalOnly ? [final] : [new SessionError { Code = WireFinal.Cancelled, Message = reason, Recoverable = false }, final];
    }

    private Final Ended(ExecutionResult result, TimeSpan duration)
    {
        string? code = ToolCode(result.Error);
        // The script let the refusal of a call end it: so the session ends as what it was refused for.
        return CancelOnFirstError && code == WireFinal.Cancelled ? WireFinal.Of(result, duration, WireFinal.Cancelled, WireFinal.CancelledText) : WireFinal.Of(result, duration, code);
    }

    private static string Reason(ExecutionError error) =>
        error.Data is not null && error.Data.TryGetValue("reason", out object? reason) && reason is string text and not "cancelled" ? WireJson.Text(text) : WireFinal.CancelledText;

    /// <summary>What the tool itself called its failure, when that ended the script.</summary>
    private string? ToolCode(ExecutionError? error)
    {
        if (error is not { Code: ErrorCode.ToolError }) return null;
        ExecutionError told = HasCode(error) || _toolFailure?.Message != error.Message ? error : _toolFailure;
        return HasCode(told) ? WireJson.Text((string)told.Data!["code"]!) : null;
    }

    private static bool HasCode(ExecutionError error) => error.Data is not null && error.Data.TryGetValue("code", out object? code) && code is string { Length: > 0 };
}
