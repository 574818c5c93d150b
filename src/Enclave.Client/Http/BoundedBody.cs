using System.Buffers;
using System.Text;

namespace Enclave.Client.Http;

/// <summary>Reads responses up to a size limit.</summary>
internal static class BoundedBody
{
    /// <summary>The body as text; null if it is longer than the limit.</summary>
    public static async Task<string?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > maxBytes) return null;
        Stream body = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var read = new ArrayBufferWriter<byte>();
            while (true)
            {
                Memory<byte> room = read.GetMemory(4096);
                int count = await body.ReadAsync(room, cancellation).ConfigureAwait(false);
                if (count == 0) return Encoding.UTF8.GetString(read.WrittenSpan);
                read.Advance(count);
                if (read.WrittenCount > maxBytes) return null;
            }
        }
    }

    /// <summary>The beginning of a body, for messages.</summary>
    public static async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellation)
    {
        Stream body = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] start = new byte[16 * 1024];
            int count = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return Encoding.UTF8.GetString(start.AsSpan(0, count));
        }
    }
}
