using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore.Sessions;

/// <summary>The messages of one call that are kept. <see cref="KeptMessages"/> guards it with its lock.</summary>
internal sealed class KeptStream(string id, string request)
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    /// <summary>The id of the request that it answers.</summary>
    public string Request { get; } = request;

    /// <summary>Oldest first.</summary>
    public List<KeptEvent> Events { get; } = [];

    public SseEventStreamMode Mode { get; set; }

    public bool HasEnded { get; private set; }

    /// <summary>The number of the newest event that was dropped. A reader before it has lost something.</summary>
    public long Dropped { get; private set; } = -1;

    /// <summary>Completes with the next change.</summary>
    public Task Changed => _changed.Task;

    public void Drop(KeptEvent oldest)
    {
        Events.Remove(oldest);
        Dropped = oldest.Number;
    }

    public void End()
    {
        HasEnded = true;
        Signal();
    }

    public void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }
}

/// <summary>One message of a stream.</summary>
/// <param name="Number">Its place among all events of the session.</param>
/// <param name="Item">The message, with its id.</param>
/// <param name="Bytes">Its size as JSON.</param>
/// <param name="At">When it was written.</param>
/// <param name="Stream">The stream it belongs to.</param>
internal sealed record KeptEvent(long Number, SseItem<JsonRpcMessage?> Item, int Bytes, long At, KeptStream Stream);
