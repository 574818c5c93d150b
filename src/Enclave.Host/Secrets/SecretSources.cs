using Enclave.Secrets;
using Microsoft.Extensions.Configuration;

namespace Enclave;

/// <summary>Ready-made sources of secrets. All of them look anew for each call, so that a secret may be changed while the host runs; none tells tenants apart but <see cref="Of"/>.</summary>
public static class SecretSources
{
    /// <summary>A function as a source.</summary>
    /// <param name="find">Gives the value of a name for a tenant, as <see cref="ISecretSource.FindAsync"/>.</param>
    public static ISecretSource Of(Func<string, string?, CancellationToken, ValueTask<string?>> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        return new FunctionSecrets(find);
    }

    /// <summary>The values of a section of the application's configuration, by name.</summary>
    public static ISecretSource Configuration(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new FunctionSecrets((name, _, _) => new ValueTask<string?>(section[name]));
    }

    /// <summary>The files of a folder, as <c>/run/secrets</c>: each has one secret, as UTF-8 text of at most 65,536 bytes, and the secret's name. Line feeds at the end are not part of it.</summary>
    /// <param name="path">The folder. It need not be there yet.</param>
    public static ISecretSource Folder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FolderSecrets(path);
    }

    /// <summary>The variables of this process's environment whose names are a prefix and the secret's name.</summary>
    /// <param name="prefix">What the variables begin with, as <c>ENCLAVE_SECRET_</c>; not empty, so that a tool cannot name just any variable.</param>
    public static ISecretSource Environment(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new FunctionSecrets((name, _, _) => new ValueTask<string?>(System.Environment.GetEnvironmentVariable(prefix + name)));
    }
}
