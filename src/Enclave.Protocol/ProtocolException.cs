namespace Enclave.Protocol;

/// <summary>Bytes from the other side break the protocol. The only exception that reading a frame or a value throws.</summary>
internal sealed class ProtocolException : Exception
{
    private ProtocolException(long offset, string message)
        : base($"{message} (at byte {offset})") => Offset = offset;

    /// <summary>Where in the frame body, or in the stream of frames, the fault was met.</summary>
    public long Offset { get; }

    public static ProtocolException At(long offset, string message) => new(offset, message);
}
