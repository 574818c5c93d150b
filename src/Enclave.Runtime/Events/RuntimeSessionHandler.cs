using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>Takes part in a session that opens.</summary>
/// <param name="sessionId">The session.</param>
/// <param name="send">Puts an event of the handler's own among those of the session, for example a <see cref="LogEntry"/>. After the session's end it does nothing.</param>
/// <returns>What is told of the session; null for nothing.</returns>
public delegate RuntimeSessionHooks? RuntimeSessionHandler(string sessionId, Action<EventPayload> send);
