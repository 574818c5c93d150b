namespace Enclave;

/// <summary>Where the secrets of tools come from (docs/tools.md). One instance serves all calls, also at the same time; <see cref="SecretSources"/> has ready-made ones.</summary>
public interface ISecretSource
{
    /// <summary>Finds a secret, for one call of a tool that names it in <see cref="ToolOptions.Secrets"/>.</summary>
    /// <param name="name">The secret's name.</param>
    /// <param name="tenant">The run's tenant, for sources that have secrets of their own for each; null when it has none.</param>
    /// <param name="cancellationToken">Cancelled when the call's time is over, or its run has ended.</param>
    /// <returns>The value, at most 65,536 characters; null or empty when there is none, and the call fails with <c>TOOL_SECRET_MISSING</c>.</returns>
    /// <remarks>What it throws fails the call with <c>TOOL_FAILED</c> and is logged.</remarks>
    ValueTask<string?> FindAsync(string name, string? tenant, CancellationToken cancellationToken);
}
