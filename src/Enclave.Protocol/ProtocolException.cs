namespace Enclave.Protocol;

/// <summary>Bytes from the other side violate the protocol. The only exception of reading a frame or a value.</summary>
internal sealed class ProtocolException : Exception
{
    private ProtocolException(long offset, string message)
        : base($"{message} (at byte {offset})")
    {
    }

    /// <summary>Returns the exception for a fault at this byte of the frame's body, or of the stream of frames.</summary>
    public static ProtocolException At(long offset, string message) => new(offset, message);
}
