namespace Enclave.Protocol;

/// <summary>Bytes from the other side violate the protocol. The only exception of reading a frame or a value.</summary>
internal sealed class ProtocolException : Exception
{
    private ProtocolException(long offset, string message)
        : base($"{message} (at byte {offset})") => Offset = offset;

    /// <summary>The position of the fault in the frame body or in the stream of frames.</summary>
    public long Offset { get; }

    /// <summary>Returns the exception for a fault at this byte.</summary>
    public static ProtocolException At(long offset, string message) => new(offset, message);
}
