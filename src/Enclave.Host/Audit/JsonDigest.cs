using System.Buffers;
using System.Security.Cryptography;

namespace Enclave.Audit;

/// <summary>Measures JSON while it is written: its length, its SHA-256, and its text if it is short. A long text is never in memory as a whole.</summary>
/// <param name="keep">Longest text to keep, in bytes.</param>
internal sealed class JsonDigest(int keep) : IBufferWriter<byte>, IDisposable
{
    private const int LeastBuffer = 4 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _kept = new();
    private byte[] _buffer = [];

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>The whole text; null if it was too long.</summary>
    public byte[]? Whole => Length <= keep ? _kept.WrittenSpan.ToArray() : null;

    public byte[] Sha256 => _hash.GetCurrentHash();

    public void Advance(int count)
    {
        ReadOnlySpan<byte> written = _buffer.AsSpan(0, count);
        Length += count;
        _hash.AppendData(written);
        if (Length <= keep) _kept.Write(written);
        else _kept.ResetWrittenCount();
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length >= Math.Max(sizeHint, 1)) return _buffer;
        Return();
        return _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, LeastBuffer));
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        _hash.Dispose();
        Return();
        _buffer = [];
    }

    /// <summary>Cleared, so that other users of the buffer do not find a script's data.</summary>
    private void Return()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
    }
}
