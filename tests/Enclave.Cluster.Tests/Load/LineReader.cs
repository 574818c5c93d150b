using System.Buffers;
using System.Text;

namespace Enclave.Cluster.Tests.Load;

/// <summary>Reads the complete lines of a stream that may break anywhere.</summary>
internal sealed class LineReader(Stream stream, TimeSpan patience)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _from, _to;

    /// <summary>The next complete line; null at the end.</summary>
    /// <exception cref="TimeoutException">Nothing arrived for too long.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = Array.IndexOf(_buffer, (byte)'\n', _from, _to - _from);
            if (end >= 0)
            {
                _line.Write(_buffer.AsSpan(_from, end - _from));
                _from = end + 1;
                string line = Encoding.UTF8.GetString(_line.WrittenSpan);
                _line.ResetWrittenCount();
                return line;
            }

            _line.Write(_buffer.AsSpan(_from, _to - _from));
            (_from, _to) = (0, await stream.ReadAsync(_buffer, cancellationToken).AsTask().WaitAsync(patience, cancellationToken));
            if (_to == 0) return null;
        }
    }
}
