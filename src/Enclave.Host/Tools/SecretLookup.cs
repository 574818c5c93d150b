namespace Enclave.Tools;

/// <summary>Finds the secrets that a tool names.</summary>
internal static class SecretLookup
{
    /// <summary>The secrets of one call.</summary>
    /// <exception cref="ToolException">A secret is missing.</exception>
    public static async ValueTask<ToolSecrets> FindAsync(ToolDefinition tool, ISecretSource? source, string? tenant, CancellationToken token)
    {
        if (tool.Options.Secrets.Count == 0) return ToolSecrets.None;
        if (tool.FindsSecrets) return new ToolSecrets([], (name, within) => FindAsync(tool, name, source, tenant, within));
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in tool.Options.Secrets) values[name] = await FindAsync(tool, name, source, tenant, token).ConfigureAwait(false);
        return new ToolSecrets(values);
    }

    private static async ValueTask<string> FindAsync(ToolDefinition tool, string name, ISecretSource? source, string? tenant, CancellationToken token)
    {
        string? value = source is null ? null : await source.FindAsync(name, tenant, token).ConfigureAwait(false);
        if (string.IsNullOrEmpty(value)) throw ToolFault.SecretMissing(tool.Name, name);
        return value.Length <= SecretSources.MaxCharacters
            ? value
            : throw new InvalidDataException($"the secret {name} has {value.Length} characters; at most {SecretSources.MaxCharacters} are taken");
    }
}
