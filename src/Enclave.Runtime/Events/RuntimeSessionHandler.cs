using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>Called for a session that opens, to observe it and to add events.</summary>
/// <param name="sessionId">The session.</param>
/// <param name="send">Adds an event of the handler's own to the session, for example a <see cref="LogEntry"/>. Does nothing after the session's end.</param>
/// <returns>The hooks for the session; null for none.</returns>
public delegate RuntimeSessionHooks? RuntimeSessionHandler(string sessionId, Action<EventPayload> send);
