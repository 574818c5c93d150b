namespace Enclave;

/// <summary>
/// The source of tools' secrets (docs/tools.md). One instance serves all calls, also concurrent ones. <see cref="SecretSources"/> has ready-made sources.
/// </summary>
public interface ISecretSource
{
    /// <summary>Finds a secret for one call of a tool that names it in <see cref="ToolOptions.Secrets"/>.</summary>
    /// <param name="name">The secret's name.</param>
    /// <param name="tenant">The run's tenant, for sources with separate secrets per tenant; null if it has none.</param>
    /// <param name="cancellationToken">Cancelled when the call's time is over, or its run has ended.</param>
    /// <returns>The value, at most 65,536 characters; null or empty if there is none, and the call fails with <c>TOOL_SECRET_MISSING</c>.</returns>
    /// <remarks>An exception fails the call with <c>TOOL_FAILED</c> and is logged.</remarks>
    ValueTask<string?> FindAsync(string name, string? tenant, CancellationToken cancellationToken);
}
