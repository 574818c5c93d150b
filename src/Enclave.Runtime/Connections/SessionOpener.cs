using Enclave.Runtime.Diagnostics;
using Enclave.Runtime.Sessions;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>Opens sessions for peers, or tells them why not.</summary>
internal sealed class SessionOpener(RuntimeWorkerOptions options, SessionHost host, SessionTable directory, SessionCounts counts, DebugLines debug)
{
    public void Open(RuntimeClient client, ChannelExecute message)
    {
        string? problem = message.LimitsProblem;
        if (!host.TryPlan(message.SessionId, message.Code, message.Limits, outsideTools: null, out SessionPlan plan, out string? impossible)) problem ??= impossible;
        plan = plan with { MaxEventBytes = Math.Min(message.MaxEventBytes ?? StreamProtocol.DefaultMaxEventBytes, client.Line.MaxEventBytes) };
        if (message.Tenant is not null) plan = plan with { Options = plan.Options with { Run = (plan.Options.Run ?? new RunOptions()) with { Tenant = message.Tenant } } };
        debug.Write("execute", ("client", client.Name), ("sessionId", plan.Id), ("codeCharacters", message.Code.Length), ("problem", problem));
        if (problem is not null)
        {
            Refuse(client, plan.Id, RuntimeRefusal.Invalid(problem));
            return;
        }

        var teller = new SessionNotifier(options, directory, counts, debug) { Client = client };
        RuntimeSession? session = TryStart(plan, client.Line, teller, out RuntimeRefusal? refusal);
        if (session is null) Refuse(client, plan.Id, refusal!);
    }

    /// <summary>Starts a session, unless the runtime is full, stops, or has one of that name.</summary>
    public RuntimeSession? TryStart(SessionPlan plan, IEventSink sink, SessionNotifier teller, out RuntimeRefusal? refusal)
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

        var session = new RuntimeSession(made, plan, sink, teller, options.TimeProvider);
        if (!directory.TryAdd(session, out refusal)) return null;
        counts.Opened();
        teller.Begin(session, plan);
        teller.Client?.Add(session);
        _ = session.RunAsync();
        return session;
    }

    /// <summary>A message for a session has come.</summary>
    public void Told(RuntimeSession session, ChannelMessage message)
    {
        debug.Write(message.Type, ("sessionId", session.Id), ("callId", (message as ChannelToolResult)?.CallId), ("success", message is ChannelToolResult answer ? answer.Success : null));
        (session.Observer as SessionNotifier)?.Told(message);
    }

    /// <summary>Tells a peer why a session is not opened, so that it never waits.</summary>
    public static Final Refuse(IEventSink sink, string id, RuntimeRefusal refusal)
    {
        var final = new Final { Ok = false, Error = new ErrorInfo(refusal.Message, refusal.Code), Stats = new FinalStats(0, 0, 0) };
        sink.TrySend(new SessionEvent(id, 1, new SessionError { Code = refusal.Code, Message = refusal.Message, Recoverable = false }));
        sink.TrySend(new SessionEvent(id, 2, final));
        return final;
    }

    private void Refuse(RuntimeClient client, string id, RuntimeRefusal refusal)
    {
        debug.Write("refused", ("sessionId", id), ("code", refusal.Code));
        SessionNotifier.Guarded(() => options.EventHandlers?.OnError?.Invoke(id, new ErrorInfo(refusal.Message, refusal.Code)));
        Refuse(client.Line, id, refusal);
    }
}
