using Enclave.Cli.Commands;
using Enclave.Cli.Scripts;

namespace Enclave.Cli.Run;

/// <summary>Reads a script.</summary>
internal static class ScriptSource
{
    private const int MaxNameCharacters = 200;

    /// <exception cref="UsageException">It cannot be read.</exception>
    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            if (file != SourceFile.StandardInput) return await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
            using var reader = new StreamReader(Console.OpenStandardInput());
            // A read of standard input cannot be cancelled, only abandoned.
            return await reader.ReadToEndAsync(CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(FileFault.Of(file, fault));
        }
    }

    /// <summary>The name in stacks, without the path.</summary>
    public static string NameOf(string file)
    {
        string name = file == SourceFile.StandardInput ? "stdin" : Path.GetFileName(file);
        return name.Length > MaxNameCharacters ? name[^MaxNameCharacters..] : name;
    }
}
