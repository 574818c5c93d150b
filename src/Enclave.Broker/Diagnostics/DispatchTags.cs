using System.Diagnostics;

namespace Enclave.Broker.Diagnostics;

/// <summary>The tags of the instruments that measure how sessions reach runtimes.</summary>
internal static class DispatchTags
{
    /// <summary>The meter of all instruments of a broker.</summary>
    public const string Meter = "Enclave.Broker";

    private const string Transport = "transport", Queue = "queue", Level = "level", Class = "class";

    /// <param name="transport">How sessions reach the runtime.</param>
    /// <param name="queue">The queue that sessions wait in, as <c>level.class</c>; null without a queue.</param>
    public static TagList Of(string transport, string? queue)
    {
        var tags = new TagList { { Transport, transport } };
        if (queue is null) return tags;
        string[] parts = queue.Split('.', 2);
        tags.Add(Queue, queue);
        tags.Add(Level, parts[0]);
        tags.Add(Class, parts[^1]);
        return tags;
    }
}
