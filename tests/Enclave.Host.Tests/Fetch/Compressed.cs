using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Fetch;

/// <summary>Compressed bodies of a server.</summary>
internal static class Compressed
{
    public static async Task WriteAsync(HttpContext context, string encoding, string text)
    {
        byte[] bytes = Bytes(encoding, (stream) => stream.Write(Encoding.UTF8.GetBytes(text)));
        context.Response.Headers.ContentEncoding = encoding;
        await context.Response.Body.WriteAsync(bytes);
    }

    public static byte[] Bytes(string encoding, Action<Stream> write)
    {
        var output = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.SmallestSize),
            "br" => new BrotliStream(output, CompressionLevel.Fastest),
            _ => new ZLibStream(output, CompressionLevel.SmallestSize),
        })
        {
            write(stream);
        }

        return output.ToArray();
    }
}
