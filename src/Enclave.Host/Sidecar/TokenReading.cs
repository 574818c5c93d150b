using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Sidecar;

/// <summary>
/// Reads a returned value after the end of its run, when the run's table does not exist any more. The same limits apply as in the run, because the store is not
/// trusted.
/// </summary>
internal sealed class TokenReading(StoreAccess store, string tenantKey, SidecarLimits limits)
{
    private long _bytes;
    private int _references;

    /// <exception cref="ToolException">The failure with its code.</exception>
    public Task<ScriptValue> ReadAsync(string secret) => ReadAsync(secret, depth: 1);

    private async Task<ScriptValue> ReadAsync(string secret, int depth)
    {
        if (depth > limits.MaxResolutionDepth) throw ReferenceFault.TooDeep(limits.MaxResolutionDepth);
        if (++_references > limits.MaxReferences) throw ReferenceFault.TooMany(limits.MaxReferences);
        ScriptValue value =
            await ReferenceReading.ReadAsync(store, ReferenceKey.Of(tenantKey, secret), size: null, limits.MaxReferenceBytes).ConfigureAwait(false);
        _bytes += EncodedSize.Of(value);
        if (_bytes > limits.MaxTotalBytes) throw ReferenceFault.TotalTooLarge(limits.MaxTotalBytes);
        if (!value.HasReference) return value;
        var wanted = new List<ScriptReference>();
        ReferenceRewriting.Visit(value, (reference, _) => wanted.Add(reference));
        var nested = new Dictionary<string, ScriptValue>(StringComparer.Ordinal);
        foreach (ScriptReference reference in wanted)
        {
            if (!nested.ContainsKey(reference.Id)) nested.Add(reference.Id, await ReadAsync(reference.Id, depth + 1).ConfigureAwait(false));
        }

        return ReferenceRewriting.Rewrite(value, (reference) => nested[reference.Id]);
    }
}
