namespace Enclave.Streaming.Channels;

/// <summary>What came over a WebSocket.</summary>
internal enum WebSocketReceipt
{
    /// <summary>A message.</summary>
    Text,

    /// <summary>A message that is no text.</summary>
    Binary,

    /// <summary>The other end closes.</summary>
    Closed,

    /// <summary>A message above the bound; the connection is of no more use.</summary>
    TooLarge,

    /// <summary>A message in far too many pieces; the connection is of no more use.</summary>
    TooManyPieces,
}
