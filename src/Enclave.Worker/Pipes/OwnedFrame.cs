using Enclave.Protocol.Frames;

namespace Enclave.Worker.Pipes;

/// <summary>A frame in the hands of the job's thread. The body lasts until that thread reads again.</summary>
internal readonly record struct OwnedFrame(FrameType Type, ReadOnlyMemory<byte> Body);
