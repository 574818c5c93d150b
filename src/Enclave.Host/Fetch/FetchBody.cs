using System.Buffers;
using System.IO.Compression;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Tools;

namespace Enclave.Fetch;

/// <summary>Reads the body of a response within its bounds: its own size, the run's sum, and the host's memory, each before a byte is kept.</summary>
/// <param name="most">The largest size of the body, both compressed and decompressed.</param>
/// <param name="perRun">The bodies of the run together.</param>
/// <param name="context">The call.</param>
internal sealed class FetchBody(long most, long perRun, ToolContext context)
{
    /// <summary>The encodings that requests accept.</summary>
    public const string Encodings = "gzip, br, deflate";

    /// <summary>No tool has this name.</summary>
    private const string Counted = "fetch bytes";

    private const int Piece = 16 << 10;

    /// <summary>A buffer that grows is up to twice as large as its bytes, and they are copied once.</summary>
    private const int Copies = 3;

    /// <summary>Counts bytes of a body that is sent.</summary>
    /// <exception cref="ToolException">The run has used up its bytes.</exception>
    public static void Count(ToolContext context, long bytes, long perRun)
    {
        if (context.Counts?.TryTake(Counted, bytes, perRun) == false) throw ToolFault.Of(
            ToolCode.ResultTooLarge, $"the requests and responses of a run have at most {perRun} bytes together (Fetch.MaxBytesPerRun): ask for less");
    }

    public static ToolException NoRoom() => ToolFault.Of(ToolCode.ResultTooLarge, "the host has no room for the body (HostMemoryLimit): ask for less");

    /// <exception cref="ToolException">The body is too large, or cannot be decompressed.</exception>
    public async Task<byte[]> ReadAsync(HttpContent content, CancellationToken token)
    {
        if (content.Headers.ContentLength > most) throw TooLarge();
        string[] encodings = [.. content.Headers.ContentEncoding.Where((encoding) => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))];
        Stream raw = await content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (raw.ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> kept = await KeepAsync(raw, token).ConfigureAwait(false);
            if (encodings.Length == 0 || kept.IsEmpty) return kept.ToArray();
            Stream plain = Decompressed(encodings, new MemoryStream(kept.ToArray(), writable: false));
            await using (plain.ConfigureAwait(false)) return (await KeepAsync(plain, token).ConfigureAwait(false)).ToArray();
        }
    }

    private async Task<ReadOnlyMemory<byte>> KeepAsync(Stream from, CancellationToken token)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        // Not disposed: the buffer of the stream is the result.
        var kept = new BoundedStream(most);
        try
        {
            while (await from.ReadAsync(piece, token).ConfigureAwait(false) is > 0 and var length)
            {
                Count(context, length, perRun);
                if (!context.Memory.TryGrow(Copies * length)) throw NoRoom();
                kept.Write(piece.AsSpan(0, length));
            }

            return kept.Written;
        }
        catch (BoundedStreamException)
        {
            throw TooLarge();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static Stream Decompressed(string[] encodings, Stream raw) => encodings is [var one] ? one.ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => new GZipStream(raw, CompressionMode.Decompress),
        "BR" => new BrotliStream(raw, CompressionMode.Decompress),
        "DEFLATE" => new ZLibStream(raw, CompressionMode.Decompress),
        _ => throw NotAsked(),
    } : throw NotAsked();

    private static ToolException NotAsked() => ToolFault.Of(ToolCode.ResultInvalid, $"the response is compressed in another way than {Encodings}");

    private ToolException TooLarge() =>
        ToolFault.Of(ToolCode.ResultTooLarge, $"the body of the response is larger than {most} bytes (Fetch.MaxResponseBytes): ask for less");
}
