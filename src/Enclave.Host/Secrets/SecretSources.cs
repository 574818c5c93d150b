using Enclave.Secrets;
using Microsoft.Extensions.Configuration;

namespace Enclave;

/// <summary>
/// Ready-made sources of secrets. They read anew for each call, so a secret may change while the host runs. Only <see cref="Of"/> distinguishes tenants.
/// </summary>
public static class SecretSources
{
    /// <summary>The longest value that a source may give.</summary>
    internal const int MaxCharacters = 65_536;

    /// <summary>Uses a function as a source.</summary>
    /// <param name="find">Returns the value of a name for a tenant, as <see cref="ISecretSource.FindAsync"/>.</param>
    public static ISecretSource Of(Func<string, string?, CancellationToken, ValueTask<string?>> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        return new FunctionSecrets(find);
    }

    /// <summary>Uses the values of a section of the application's configuration, by name.</summary>
    public static ISecretSource Configuration(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new FunctionSecrets((name, _, _) => new ValueTask<string?>(section[name]));
    }

    /// <summary>
    /// Uses the files of a folder, such as <c>/run/secrets</c>. Each file has the secret's name and contains one secret as UTF-8 text of at most
    /// 65,536 bytes. Line feeds at the end are ignored.
    /// </summary>
    /// <param name="path">The folder. It may be created later.</param>
    public static ISecretSource Folder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FolderSecrets(path);
    }

    /// <summary>Uses this process's environment variables whose names are a prefix and the secret's name.</summary>
    /// <param name="prefix">The prefix, for example <c>ENCLAVE_SECRET_</c>. Not empty, so that a tool cannot name any variable.</param>
    public static ISecretSource Environment(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new FunctionSecrets((name, _, _) => new ValueTask<string?>(System.Environment.GetEnvironmentVariable(prefix + name)));
    }
}
