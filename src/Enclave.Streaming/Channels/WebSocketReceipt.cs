namespace Enclave.Streaming.Channels;

/// <summary>The kinds of results of receiving from a WebSocket.</summary>
internal enum WebSocketReceipt
{
    /// <summary>A text message.</summary>
    Text,

    /// <summary>A binary message.</summary>
    Binary,

    /// <summary>The other end has closed.</summary>
    Closed,

    /// <summary>A message that is too large; the connection cannot be used further.</summary>
    TooLarge,

    /// <summary>A message in too many fragments; the connection cannot be used further.</summary>
    TooManyPieces,
}
