using System.Text;

namespace Enclave.Cli.Commands;

/// <summary>Reads files and standard input as text, never more than a number of bytes.</summary>
internal static class TextFile
{
    /// <summary>More than any level accepts as a script, and more than a run accepts as JSON.</summary>
    public const long MaxBytes = 100 << 20;

    private const string StandardInput = "-";

    /// <summary>The name of a file in messages.</summary>
    public static string NameOf(string file) => file == StandardInput ? "stdin" : file;

    /// <exception cref="UsageException">Standard input is named twice.</exception>
    public static void CheckOnce(string[] files, string command)
    {
        if (files.Count((file) => file == StandardInput) > 1) throw new UsageException($"{command} reads standard input only once: give - only once.");
    }

    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a directory, or not this user's to read.</exception>
    public static Stream Open(string file) => file == StandardInput ? Console.OpenStandardInput() : File.OpenRead(file);

    /// <inheritdoc cref="Read"/>
    public static Task<string?> ReadAsync(string file, long maxBytes, CancellationToken cancellationToken) =>
        // A read of standard input cannot be cancelled, only abandoned.
        Task.Run(() => Read(file, maxBytes), CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>
    /// The text with its byte order mark, which is white space in JavaScript (ECMA-262 12.2) and counts in offsets; invalid UTF-8 becomes U+FFFD, as in Node.
    /// Null if there are more than <paramref name="maxBytes"/> bytes.
    /// </summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static string? Read(string file, long maxBytes)
    {
        try
        {
            using Stream input = Open(file);
            using var bytes = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            while (input.Read(buffer) is > 0 and int read)
            {
                if (bytes.Length + read > maxBytes) return null;
                bytes.Write(buffer, 0, read);
            }

            return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(FileFault.Of(file, fault));
        }
    }
}
