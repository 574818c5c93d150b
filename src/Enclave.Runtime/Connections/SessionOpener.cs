using Enclave.Runtime.Diagnostics;
using Enclave.Runtime.Sessions;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>Opens sessions for peers, or refuses them with a reason.</summary>
internal sealed class SessionOpener(RuntimeWorkerOptions options, SessionHost host, SessionTable directory, SessionCounts counts, DebugLog debug)
{
    public void Open(RuntimeClient client, ChannelExecute message)
    {
        string? problem = message.LimitsProblem;
        if (!host.TryPlan(message.SessionId, message.Code, message.Limits, outsideTools: null, out SessionPlan plan, out string? impossible))
            problem ??= impossible;
        plan = plan with { MaxEventBytes = Math.Min(message.MaxEventBytes ?? StreamProtocol.DefaultMaxEventBytes, client.Line.MaxEventBytes) };
        if (!WireLanguage.TryParse(message.Language, out ScriptLanguage? language)) problem ??= WireLanguage.Problem;
        RunOptions run = plan.Options.Run ?? new RunOptions();
        run = run with { Tenant = message.Tenant ?? run.Tenant, RunId = message.RunId, Language = language, IsOfModel = message.OfModel };
        plan = plan with { Options = plan.Options with { Run = run } };
        debug.Write("execute", ("client", client.Name), ("sessionId", plan.Id), ("codeCharacters", message.Code.Length), ("problem", problem));
        if (problem is not null)
        {
            Refuse(client, plan.Id, RuntimeRefusal.Invalid(problem));
            return;
        }

        RuntimeSession? session = TryStart(plan, client.Line, client, out RuntimeRefusal? refusal);
        if (session is null) Refuse(client, plan.Id, refusal!);
    }

    /// <summary>Starts a session. Refuses it if the runtime is full or stopping, or has a session of that name.</summary>
    /// <param name="plan">The session.</param>
    /// <param name="sink">Gets its events.</param>
    /// <param name="client">The peer that owns it; null for none.</param>
    /// <param name="refusal">Why it is refused; null if it starts.</param>
    public RuntimeSession? TryStart(SessionPlan plan, IEventSink sink, RuntimeClient? client, out RuntimeRefusal? refusal)
    {
        EnclaveHost made;
        try
        {
            made = host.Get();
        }
        catch (ObjectDisposedException)
        {
            refusal = RuntimeRefusal.Stopping;
            return null;
        }

        var notifier = new SessionNotifier(options, directory, counts, debug) { Left = client is null ? null : client.Remove };
        var session = new RuntimeSession(made, plan, sink, notifier, options.TimeProvider);
        if (!directory.TryAdd(session, out refusal)) return null;
        counts.Opened();
        notifier.Begin(session, plan);
        client?.Add(session);
        _ = session.RunAsync();
        return session;
    }

    /// <summary>Called for each message for a session.</summary>
    public void OnMessage(RuntimeSession session, ChannelMessage message)
    {
        debug.Write(message.Type, ("sessionId", session.Id),
            ("callId", (message as ChannelToolResult)?.CallId), ("success", message is ChannelToolResult answer ? answer.Success : null));
        session.Notifier.OnMessage(message);
    }

    /// <summary>Sends the reason to a peer whose session is refused, so that it does not wait.</summary>
    public static Final Refuse(IEventSink sink, string id, RuntimeRefusal refusal)
    {
        sink.TrySend(new SessionEvent(id, 1, new SessionError { Code = refusal.Code, Message = refusal.Message, Recoverable = false }));
        sink.TrySend(new SessionEvent(id, 2, refusal.Final));
        return refusal.Final;
    }

    private void Refuse(RuntimeClient client, string id, RuntimeRefusal refusal)
    {
        debug.Write("refused", ("sessionId", id), ("code", refusal.Code));
        SessionNotifier.InvokeSafely(() => options.EventHandlers?.OnError?.Invoke(id, new ErrorInfo(refusal.Message, refusal.Code)));
        Refuse(client.Line, id, refusal);
    }
}
