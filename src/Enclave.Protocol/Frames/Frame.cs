namespace Enclave.Protocol.Frames;

/// <summary>One frame. Its body belongs to the reader's buffer and lasts until the next bytes are asked for.</summary>
internal readonly record struct Frame(FrameType Type, ReadOnlyMemory<byte> Body);
