using System.Buffers;

namespace Enclave.Protocol.Frames;

/// <summary>
/// Memory for frames. Small pieces are pooled; what a large message took goes back to the collector, since a pool keeps it, and rounds it up to a power of
/// two.
/// </summary>
internal static class FrameMemory
{
    private const int MaxPooled = 1 << 20;

    /// <summary>At least so many bytes, whatever is in them.</summary>
    public static byte[] Rent(int bytes) => bytes <= MaxPooled ? ArrayPool<byte>.Shared.Rent(bytes) : GC.AllocateUninitializedArray<byte>(bytes);

    public static void Return(byte[] rented)
    {
        if (rented.Length is > 0 and <= MaxPooled) ArrayPool<byte>.Shared.Return(rented);
    }
}
