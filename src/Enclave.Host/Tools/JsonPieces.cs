using System.Buffers;

namespace Enclave.Tools;

/// <summary>Takes JSON in pieces: counts its bytes, or writes them into an array of exactly their number.</summary>
/// <remarks>A writer of JSON asks for six bytes per character. A growing buffer would keep that much, and twice as much while it is copied.</remarks>
/// <param name="target">The array; null to count only.</param>
internal sealed class JsonPieces(byte[]? target) : IBufferWriter<byte>, IDisposable
{
    private const int Piece = 128 << 10;

    private byte[] _piece = ArrayPool<byte>.Shared.Rent(Piece);

    /// <summary>Bytes so far.</summary>
    public long Written { get; private set; }

    public void Advance(int count)
    {
        if (target is not null) _piece.AsSpan(0, count).CopyTo(target.AsSpan((int)Written));
        Written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint <= _piece.Length) return _piece;
        ArrayPool<byte>.Shared.Return(_piece);
        return _piece = ArrayPool<byte>.Shared.Rent(sizeHint);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_piece);
        _piece = [];
    }
}
