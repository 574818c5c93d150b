using System.Buffers;

namespace Enclave.Protocol.Frames;

/// <summary>
/// Memory for frames. Small buffers are pooled. Large ones are left to the garbage collector,
/// because a pool would keep them and round them up to a power of two.
/// </summary>
internal static class FrameMemory
{
    private const int MaxPooled = 1 << 20;

    /// <summary>A buffer of at least this size, with undefined content.</summary>
    public static byte[] Rent(int bytes) => bytes <= MaxPooled ? ArrayPool<byte>.Shared.Rent(bytes) : GC.AllocateUninitializedArray<byte>(bytes);

    public static void Return(byte[] rented)
    {
        if (rented.Length is > 0 and <= MaxPooled) ArrayPool<byte>.Shared.Return(rented);
    }
}
