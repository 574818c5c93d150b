using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>Reads a secret from a file or the environment, never from the command line, which other users can read.</summary>
internal static class SharedSecret
{
    /// <summary>The variables with the connection strings of the database and of its schema's owner.</summary>
    public const string StoreVariable = "ENCLAVE_STORE", StoreOwnerVariable = "ENCLAVE_STORE_OWNER";

    /// <summary>The secret; null for none.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">The file; null for none.</param>
    /// <param name="variable">The environment variable to use without a file.</param>
    public static string? Read(string option, string? file, string variable)
    {
        if (file is null) return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token ? token : null;
        try
        {
            // Editors end files with a line feed.
            string text = File.ReadAllText(file).Trim();
            return text.Length > 0 ? text : throw new UsageException($"{file} is empty.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {file} cannot be read: {FileFault.Of(file, fault)}");
        }
    }
}
