using System.Text.Json;

namespace Enclave.Streaming.Channels;

/// <summary>The registered message handlers of a channel.</summary>
internal sealed class MessageHandlers
{
    private readonly Lock _gate = new();
    private Action<JsonElement>[] _handlers = [];

    public IDisposable Add(Action<JsonElement> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        // A separate delegate, so that a handler that is added twice can be removed once.
        Action<JsonElement> own = new(handler);
        lock (_gate) _handlers = [.. _handlers, own];
        return new Removal(this, own);
    }

    public void Call(JsonElement message)
    {
        // Outside of the lock, because handlers are foreign code. A handler that is removed meanwhile may be called once more.
        foreach (Action<JsonElement> handler in Volatile.Read(ref _handlers)) handler(message);
    }

    private void Remove(Action<JsonElement> handler)
    {
        lock (_gate) _handlers = [.. _handlers.Where((kept) => !ReferenceEquals(kept, handler))];
    }

    private sealed class Removal(MessageHandlers handlers, Action<JsonElement> handler) : IDisposable
    {
        public void Dispose() => handlers.Remove(handler);
    }
}
