using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Runtime.Sessions;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>One peer: follows its messages, and knows the sessions that are its own. No other peer can reach them.</summary>
internal sealed class RuntimeClient(string name, IClientConnection line, SessionOpener opener, TimeProvider clock)
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = EventReader.MaxDepth };

    private readonly ConcurrentDictionary<string, RuntimeSession> _sessions = new(StringComparer.Ordinal);
    private bool _hasLeft;

    public string Name => name;

    public IClientConnection Line => line;

    /// <summary>Follows one message. What is no message, and what is for sessions that are not its own, is passed over.</summary>
    public void Handle(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(text, s_deep);
            Handle(parsed.RootElement);
        }
        catch (JsonException)
        {
            // Not JSON.
        }
    }

    /// <inheritdoc cref="Handle(ReadOnlyMemory{byte})"/>
    public void Handle(JsonElement json) => Handle(json, mayOpen: true);

    /// <inheritdoc cref="Handle(ReadOnlyMemory{byte})"/>
    /// <param name="mayOpen">Whether it may open sessions.</param>
    public void Handle(JsonElement json, bool mayOpen)
    {
        if (ChannelReader.TryRead(json, out ChannelMessage? message)) Handle(message, mayOpen);
    }

    /// <inheritdoc cref="Handle(ReadOnlyMemory{byte})"/>
    public void Handle(ChannelMessage message, bool mayOpen)
    {
        switch (message)
        {
            case ChannelExecute execute when mayOpen:
                opener.Open(this, execute);
                break;
            case ChannelCancel cancel when _sessions.TryGetValue(cancel.SessionId, out RuntimeSession? session):
                opener.Told(session, message);
                session.Cancel(cancel.Reason);
                break;
            case ChannelToolResult answer:
                Answer(answer);
                break;
            case ChannelPing ping:
                double now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                line.TrySend(new ChannelPong(ping.Timestamp ?? now, now));
                break;
        }
    }

    /// <summary>Its session from now on.</summary>
    public void Add(RuntimeSession session)
    {
        _sessions[session.Id] = session;
        if (Volatile.Read(ref _hasLeft)) session.CutOff("the connection was closed");
    }

    public void Remove(RuntimeSession session) => _sessions.TryRemove(KeyValuePair.Create(session.Id, session));

    /// <summary>The peer has gone: its sessions end.</summary>
    /// <returns>Completes when they have, and their workers are free.</returns>
    public Task LeaveAsync()
    {
        Volatile.Write(ref _hasLeft, true);
        RuntimeSession[] left = [.. _sessions.Values];
        foreach (RuntimeSession session in left) session.CutOff("the connection was closed");
        return Task.WhenAll(left.Select((session) => session.Ended));
    }

    private void Answer(ChannelToolResult answer)
    {
        if (answer.SessionId is { } id)
        {
            if (_sessions.TryGetValue(id, out RuntimeSession? session)) Answer(session, answer);
            return;
        }

        // The name of a call is of one session alone.
        foreach (RuntimeSession session in _sessions.Values)
        {
            if (Answer(session, answer)) return;
        }
    }

    private bool Answer(RuntimeSession session, ChannelToolResult answer)
    {
        opener.Told(session, answer);
        return session.TryAnswer(answer);
    }
}
