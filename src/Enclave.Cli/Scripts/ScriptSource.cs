using Enclave.Cli.Commands;

namespace Enclave.Cli.Scripts;

/// <summary>Reads a script.</summary>
internal static class ScriptSource
{
    private const int MaxNameCharacters = 200;

    /// <summary>The text without its byte order mark.</summary>
    /// <exception cref="UsageException">It cannot be read, or is longer than any level accepts.</exception>
    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        string text = await TextFile.ReadAsync(file, TextFile.MaxBytes, cancellationToken).ConfigureAwait(false)
            ?? throw new UsageException($"{TextFile.NameOf(file)} has more than {TextFile.MaxBytes} bytes, which no level accepts.");
        return text.TrimStart('\ufeff');
    }

    /// <summary>The name in stacks, without the path.</summary>
    public static string NameOf(string file)
    {
        string name = Path.GetFileName(TextFile.NameOf(file));
        return name.Length > MaxNameCharacters ? name[^MaxNameCharacters..] : name;
    }
}
