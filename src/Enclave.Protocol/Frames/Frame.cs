namespace Enclave.Protocol.Frames;

/// <summary>One frame. Its body is a slice of the reader's buffer, valid until the next bytes are read.</summary>
internal readonly record struct Frame(FrameType Type, ReadOnlyMemory<byte> Body);
