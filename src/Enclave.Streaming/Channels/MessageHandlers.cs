using System.Text.Json;

namespace Enclave.Streaming.Channels;

/// <summary>Those who have messages handed on.</summary>
internal sealed class MessageHandlers
{
    private readonly Lock _gate = new();
    private Action<JsonElement>[] _handlers = [];

    public IDisposable Add(Action<JsonElement> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        // A delegate of its own, so that the same handler may be added twice and each is removed by itself.
        Action<JsonElement> own = new(handler);
        lock (_gate) _handlers = [.. _handlers, own];
        return new Removal(this, own);
    }

    public void Call(JsonElement message)
    {
        // Nobody's code runs under the lock, and who leaves meanwhile is still called once.
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
