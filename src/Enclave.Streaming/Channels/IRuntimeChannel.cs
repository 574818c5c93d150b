using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>One end of a connection between a broker and a runtime for messages and events, each a JSON object. Thread-safe.</summary>
public interface IRuntimeChannel
{
    /// <summary>True if the connection is up.</summary>
    bool IsOpen { get; }

    /// <summary>Completes when the channel is closed, or when its connection was lost and cannot be restored. Never fails.</summary>
    Task Completion { get; }

    /// <summary>Sends one message. Does not wait until it is sent.</summary>
    /// <param name="message">A JSON object.</param>
    /// <exception cref="RuntimeChannelException">The channel is closed, or its queue is full.</exception>
    void Send(JsonElement message);

    /// <summary>Registers a handler for received messages.</summary>
    /// <param name="handler">Called for one message at a time, in order. It must not block for long.</param>
    /// <returns>Removes the handler when disposed.</returns>
    IDisposable OnMessage(Action<JsonElement> handler);

    /// <summary>Closes this end. Further calls have no effect.</summary>
    void Close();
}
