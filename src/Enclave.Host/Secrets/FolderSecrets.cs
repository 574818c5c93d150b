using System.Text;
using Enclave.Limits;

namespace Enclave.Secrets;

/// <summary>A folder with a file for each secret.</summary>
internal sealed class FolderSecrets(string folder) : ISecretSource
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _folder = Path.GetFullPath(folder);

    public async ValueTask<string?> FindAsync(string name, string? tenant, CancellationToken cancellationToken)
    {
        // A name is a single path segment, so it cannot leave the folder.
        if (!SecretName.IsName(name)) return null;
        try
        {
            var file = new FileStream(
                Path.Combine(_folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                using var kept = new BoundedStream(SecretSources.MaxCharacters);
                await file.CopyToAsync(kept, cancellationToken).ConfigureAwait(false);
                return s_strict.GetString(kept.Written.Span).TrimEnd('\r', '\n');
            }
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (BoundedStreamException fault)
        {
            throw new InvalidDataException($"the file of the secret {name} is larger than {SecretSources.MaxCharacters} bytes", fault);
        }
        catch (DecoderFallbackException)
        {
            // The exception contains the invalid bytes, so none of it is passed on.
            throw new InvalidDataException($"the file of the secret {name} is not UTF-8 text");
        }
    }
}
