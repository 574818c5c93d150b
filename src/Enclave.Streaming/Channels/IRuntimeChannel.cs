using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>One end of a line between a broker and a runtime: messages and events, each a JSON object. Safe for use from any number of threads.</summary>
public interface IRuntimeChannel
{
    /// <summary>Whether the line is up at this moment.</summary>
    bool IsOpen { get; }

    /// <summary>Completes when the line is down for good: closed here, or lost and not to be had again. Never fails.</summary>
    Task Completion { get; }

    /// <summary>Sends one message. Does not wait until it is gone.</summary>
    /// <param name="message">A JSON object.</param>
    /// <exception cref="RuntimeChannelException">The channel is closed, or holds as much as it may.</exception>
    void Send(JsonElement message);

    /// <summary>Has each message that comes handed on, in order.</summary>
    /// <param name="handler">Called one message at a time; it must not block for long.</param>
    /// <returns>Ends that when disposed.</returns>
    IDisposable OnMessage(Action<JsonElement> handler);

    /// <summary>Closes this end. Further calls do nothing.</summary>
    void Close();
}
