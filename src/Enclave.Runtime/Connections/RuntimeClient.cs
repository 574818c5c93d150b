using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Runtime.Sessions;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>One peer: handles its messages and owns its sessions. No other peer can reach them.</summary>
public sealed class RuntimeClient
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = EventReader.MaxDepth };

    private readonly ConcurrentDictionary<string, RuntimeSession> _sessions = new(StringComparer.Ordinal);
    private readonly SessionOpener _opener;
    private readonly TimeProvider _clock;
    private bool _hasLeft;

    internal RuntimeClient(string name, IClientConnection line, SessionOpener opener, TimeProvider clock) =>
        (Name, Line, _opener, _clock) = (name, line, opener, clock);

    internal string Name { get; }

    /// <summary>True if a session of the peer runs.</summary>
    internal bool HasSessions => !_sessions.IsEmpty;

    internal IClientConnection Line { get; }

    /// <summary>Handles one message. Ignores text that is not a message, and messages for sessions of other peers.</summary>
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
    /// <param name="mayOpen">True if the message may open sessions.</param>
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
                _opener.Open(this, execute);
                break;
            case ChannelCancel cancel when _sessions.TryGetValue(cancel.SessionId, out RuntimeSession? session):
                _opener.OnMessage(session, message);
                session.Cancel(cancel.Reason);
                break;
            case ChannelToolResult answer:
                Answer(answer);
                break;
            case ChannelPing ping:
                double now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
                Line.TrySend(new ChannelPong(ping.Timestamp ?? now, now));
                break;
        }
    }

    /// <summary>Makes the session belong to this peer.</summary>
    internal void Add(RuntimeSession session)
    {
        _sessions[session.Id] = session;
        if (Volatile.Read(ref _hasLeft)) session.CancelForLostPeer("the connection was closed");
    }

    internal void Remove(RuntimeSession session) => _sessions.TryRemove(KeyValuePair.Create(session.Id, session));

    /// <summary>The peer has disconnected: ends its sessions.</summary>
    /// <returns>Completes when the sessions have ended. Sessions that are sending their last event are not awaited.</returns>
    public Task DisconnectAsync()
    {
        Volatile.Write(ref _hasLeft, true);
        RuntimeSession[] left = [.. _sessions.Values];
        foreach (RuntimeSession session in left) session.CancelForLostPeer("the connection was closed");
        return Task.WhenAll(left.Select((session) => session.Ended));
    }

    private void Answer(ChannelToolResult answer)
    {
        if (answer.SessionId is { } id)
        {
            if (_sessions.TryGetValue(id, out RuntimeSession? session)) Answer(session, answer);
            return;
        }

        // A call id belongs to one session only.
        foreach (RuntimeSession session in _sessions.Values)
        {
            if (Answer(session, answer)) return;
        }
    }

    private bool Answer(RuntimeSession session, ChannelToolResult answer)
    {
        _opener.OnMessage(session, answer);
        return session.TryAnswer(answer);
    }
}
