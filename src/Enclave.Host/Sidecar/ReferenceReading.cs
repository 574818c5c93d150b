using System.Buffers;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Sidecar;

/// <summary>Reads values from the store, which is not trusted.</summary>
internal static class ReferenceReading
{
    /// <param name="size">The length of the stored value; null if the length is unknown.</param>
    /// <exception cref="ToolException">The value was removed or replaced.</exception>
    public static async Task<ScriptValue> ReadAsync(StoreAccess store, string key, long? size, int limit)
    {
        if (await store.GetAsync(key).ConfigureAwait(false) is not { } bytes) throw ReferenceFault.Gone();
        if (bytes.Length > limit || (size is { } known && bytes.Length != known)) throw ReferenceFault.Damaged();
        try
        {
            var limits = new ValueLimits { MaxDepth = ProtocolLimits.MaxDepth, MaxProperties = int.MaxValue, MaxBytes = limit, MaxReferences = int.MaxValue };
            return ScriptValueCodec.Decode(new ReadOnlySequence<byte>(bytes), limits);
        }
        catch (ProtocolException)
        {
            throw ReferenceFault.Damaged();
        }
    }
}
