using System.Text;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Scripts;

/// <summary>Reads the text of a program like Node's readFileSync with utf8.</summary>
internal static class SourceFile
{
    public const string StandardInput = "-";

    /// <summary>
    /// The text with its byte order mark, which is white space in the language (ECMA-262 12.2) and counts in offsets.
    /// Null if there are more than <paramref name="maxBytes"/> bytes.
    /// </summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static async Task<string?> ReadAsync(string file, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            Stream input = file == StandardInput ? Console.OpenStandardInput() : File.OpenRead(file);
            await using (input.ConfigureAwait(false))
            {
                // A read of standard input cannot be cancelled, only abandoned.
                return await ReadAsync(input, maxBytes).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(FileFault.Of(file, fault));
        }
    }

    private static async Task<string?> ReadAsync(Stream input, long maxBytes)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            int read = await input.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
            if (read == 0) break;
            if (bytes.Length + read > maxBytes) return null;
            bytes.Write(buffer, 0, read);
        }

        // Invalid UTF-8 becomes U+FFFD, as in Node.
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
