namespace Enclave.Secrets;

/// <summary>A function as a source of secrets.</summary>
internal sealed class FunctionSecrets(Func<string, string?, CancellationToken, ValueTask<string?>> find) : ISecretSource
{
    public ValueTask<string?> FindAsync(string name, string? tenant, CancellationToken cancellationToken) => find(name, tenant, cancellationToken);
}
