using Enclave.Runtime.Diagnostics;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Notifies counters, handlers and the log of a session's events. The peer gets its events another way. Throws nothing.</summary>
internal sealed class SessionNotifier(RuntimeWorkerOptions options, SessionTable directory, SessionCounts counts, DebugLog debug)
{
    private RuntimeSessionHooks? _hooks;

    /// <summary>Called before the last event is sent, so that the peer may open the next session after it; null for a session without a peer.</summary>
    public Action<RuntimeSession>? Left { get; init; }

    /// <summary>Called when the session opens.</summary>
    public void Begin(RuntimeSession session, SessionPlan plan)
    {
        InvokeSafely(() => options.EventHandlers?.OnExecute?.Invoke(plan.Id, plan.Code));
        InvokeSafely(() => _hooks = options.SessionHandler?.Invoke(plan.Id, session.Add));
    }

    /// <summary>Called for each message of the peer for the session.</summary>
    public void OnMessage(ChannelMessage message) => InvokeSafely(() => _hooks?.OnMessage?.Invoke(message));

    /// <summary>Called for each event that was numbered and is about to be sent.</summary>
    public void OnEvent(SessionEvent sent)
    {
        if (debug.IsOn) Write(sent);
        InvokeSafely(() => options.OnEvent?.Invoke(sent));
    }

    /// <summary>Called when the last event is about to be sent.</summary>
    public void OnEnding(RuntimeSession session, Final final)
    {
        counts.Ended(final);
        Left?.Invoke(session);
        directory.Remove(session);
        InvokeSafely(() => Tell(session.Id, final));
        InvokeSafely(() => _hooks?.OnClose?.Invoke());
    }

    /// <summary>Called when the last event was handed over, or its peer has gone.</summary>
    public void OnEnded() => directory.Finish();

    /// <summary>Calls a user's handler, and ignores its exceptions.</summary>
    public static void InvokeSafely(Action call)
    {
        try
        {
            call();
        }
        catch (Exception)
        {
            // An exception in a handler must not end the session.
        }
    }

    private void Tell(string id, Final final)
    {
        if (options.EventHandlers is not { } handlers) return;
        if (final.Ok) handlers.OnComplete?.Invoke(id, final);
        else if (final.Error?.Code == SessionCode.Cancelled) handlers.OnCancel?.Invoke(id, final.Error.Message);
        else handlers.OnError?.Invoke(id, final.Error ?? new ErrorInfo(""));
    }

    private void Write(SessionEvent sent)
    {
        (string?, bool?, double?) end = sent.Payload is Final final ? (final.Error?.Code, final.Ok, final.Stats?.DurationMs) : default;
        debug.Write(
            "event",
            ("sessionId", sent.SessionId),
            ("seq", sent.Seq),
            ("type", sent.Type),
            ("callId", (sent.Payload as ToolCall)?.CallId),
            ("tool", (sent.Payload as ToolCall)?.ToolName),
            ("ok", end.Item2),
            ("code", end.Item1 ?? (sent.Payload as SessionError)?.Code),
            ("durationMs", end.Item3));
    }
}
