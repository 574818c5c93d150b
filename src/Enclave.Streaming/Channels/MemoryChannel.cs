using System.Text.Json;
using Enclave.Streaming.Channels;

namespace Enclave.Streaming;

/// <summary>A channel without a network, for tests and for a broker and a runtime in one process.</summary>
public sealed class MemoryChannel : IRuntimeChannel
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MessageHandlers _handlers = new();
    private readonly List<JsonElement> _sent = [];
    private MemoryChannel? _peer;
    private bool _closed;

    /// <inheritdoc/>
    public bool IsOpen
    {
        get
        {
            lock (_gate) return !_closed;
        }
    }

    /// <summary>Completes when either end is closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Creates the two ends of one connection.</summary>
    public static MemoryChannelPair CreatePair()
    {
        var pair = new MemoryChannelPair(new MemoryChannel(), new MemoryChannel());
        (pair.Client._peer, pair.Server._peer) = (pair.Server, pair.Client);
        return pair;
    }

    /// <summary>Records the message for <see cref="GetEvents"/> and, in a pair, calls the other end's handlers before it returns.</summary>
    /// <param name="message">A JSON value. A copy is recorded.</param>
    /// <exception cref="RuntimeChannelException">This end is closed; or the other end is closed, and then the message was still recorded.</exception>
    public void Send(JsonElement message)
    {
        JsonElement own = message.Clone();
        lock (_gate)
        {
            if (_closed) throw RuntimeChannelException.IsClosed();
            _sent.Add(own);
        }

        _peer?.InjectMessage(own);
    }

    /// <summary>A copy of the messages sent from this end, oldest first.</summary>
    public IReadOnlyList<JsonElement> GetEvents()
    {
        lock (_gate) return [.. _sent];
    }

    /// <summary>Clears the recorded messages.</summary>
    public void ClearEvents()
    {
        lock (_gate) _sent.Clear();
    }

    /// <summary>Calls the handlers of this end, as if the other end had sent a message.</summary>
    /// <exception cref="RuntimeChannelException">This end is closed.</exception>
    public void InjectMessage(JsonElement message)
    {
        if (!IsOpen) throw RuntimeChannelException.IsClosed();
        _handlers.Call(message);
    }

    /// <inheritdoc/>
    public IDisposable OnMessage(Action<JsonElement> handler) => _handlers.Add(handler);

    /// <summary>Closes this end. For the other end only <see cref="Completion"/> completes.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
        _completion.TrySetResult();
        _peer?._completion.TrySetResult();
    }
}
