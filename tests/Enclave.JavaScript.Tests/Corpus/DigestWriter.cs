using System.Security.Cryptography;
using System.Text;

namespace Enclave.JavaScript.Tests.Corpus;

/// <summary>Keeps only the SHA-256 of a text's UTF-8: the JSON of a large file is twenty times its size.</summary>
internal sealed class DigestWriter : TextWriter
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Encoder _encoder = System.Text.Encoding.UTF8.GetEncoder();
    private readonly char[] _pending = new char[1 << 14];
    private readonly byte[] _bytes = new byte[3 << 14];
    private int _count;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (_count == _pending.Length) Drain();
        _pending[_count++] = value;
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_count == _pending.Length) Drain();
            int taken = Math.Min(buffer.Length, _pending.Length - _count);
            buffer[..taken].CopyTo(_pending.AsSpan(_count));
            _count += taken;
            buffer = buffer[taken..];
        }
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    /// <summary>The first 16 hex digits.</summary>
    public string Finish()
    {
        Drain();
        return Convert.ToHexStringLower(_hash.GetHashAndReset().AsSpan(0, 8));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    // The next piece may begin with the other half of a pair, so the encoder keeps a high surrogate at the end.
    private void Drain()
    {
        int written = _encoder.GetBytes(_pending.AsSpan(0, _count), _bytes, flush: false);
        _hash.AppendData(_bytes.AsSpan(0, written));
        _count = 0;
    }
}
