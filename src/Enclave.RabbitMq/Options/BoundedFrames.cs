using System.Buffers.Binary;
using System.Net.Sockets;

namespace Enclave.RabbitMq.Options;

/// <summary>
/// Bounds the frames of a server that is not authenticated yet, before they are read. Tables in a frame may be nested, and the library reads them by recursion:
/// a large frame could overflow the stack and end the process.
/// </summary>
/// <param name="socket">The connection.</param>
/// <param name="maxBytes">The largest payload of a frame.</param>
internal sealed class BoundedFrames(Socket socket, int maxBytes) : NetworkStream(socket)
{
    /// <summary>Kind, channel and length of a frame (AMQP 0-9-1, 4.2.3); one byte ends it.</summary>
    private const int Head = 7, LengthAt = 3, End = 1;

    private readonly byte[] _head = new byte[Head];
    private int _read;
    private long _rest;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Check(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = base.Read(buffer);
        Check(buffer[..read]);
        return read;
    }

    /// <exception cref="IOException">A frame is too large.</exception>
    private void Check(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_rest > 0)
            {
                int skipped = (int)Math.Min(_rest, bytes.Length);
                _rest -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _head[_read++] = bytes[0];
            bytes = bytes[1..];
            if (_read < Head) continue;
            _read = 0;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(LengthAt));
            if (length > maxBytes) throw new IOException($"the server sent a frame of {length} bytes; the limit is {maxBytes}");
            _rest = length + End;
        }
    }
}
