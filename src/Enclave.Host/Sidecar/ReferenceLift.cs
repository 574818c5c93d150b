using System.Buffers;
using System.Security.Cryptography;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Values;

namespace Enclave.Sidecar;

/// <summary>
/// Replaces the large parts of one tool result by references. From the inside out: large members go first, and the object around them follows only if it is
/// still large without them. So a script sees as much of the shape as fits.
/// </summary>
internal sealed class ReferenceLift(ReferenceTable table, SidecarLimits limits, string tenantKey)
{
    private const int PreviewCharacters = 100;

    private readonly List<(ReferenceEntry Entry, ScriptValue Value)> _lifted = [];

    /// <summary>The value with references. Nothing is stored yet.</summary>
    /// <exception cref="ToolException">A limit is reached. Nothing stays reserved.</exception>
    public ScriptValue Plan(ScriptValue value)
    {
        try
        {
            return Lift(value).Value;
        }
        catch
        {
            Drop();
            throw;
        }
    }

    /// <summary>Stores the parts that <see cref="Plan"/> replaced: all of them, or none.</summary>
    /// <inheritdoc cref="StoreAccess.SetAsync" path="/exception"/>
    public async Task StoreAsync(StoreAccess store, Action<string> remove)
    {
        int stored = 0;
        try
        {
            foreach ((ReferenceEntry entry, ScriptValue value) in _lifted)
            {
                var bytes = new ArrayBufferWriter<byte>((int)entry.Public.Size);
                ScriptValueCodec.Write(new MessagePackWriter(bytes), value);
                await store.SetAsync(entry.Key, bytes.WrittenMemory).ConfigureAwait(false);
                stored++;
                // The run has ended, and its values were removed before this one was added.
                if (table.IsClosed) throw new OperationCanceledException();
            }
        }
        catch
        {
            Drop();
            foreach ((ReferenceEntry entry, _) in _lifted.Take(stored)) remove(entry.Key);
            throw;
        }
    }

    public bool IsEmpty => _lifted.Count == 0;

    private void Drop()
    {
        foreach ((ReferenceEntry entry, _) in _lifted) table.Drop(entry);
    }

    private (ScriptValue Value, long Size) Lift(ScriptValue value)
    {
        (ScriptValue rest, long size) = value.Kind switch
        {
            ScriptValueKind.Array => LiftItems(value),
            ScriptValueKind.Object => LiftProperties(value),
            _ => (value, EncodedSize.OfScalar(value)),
        };
        // Other kinds never reach the lowest threshold.
        if (size < limits.Threshold) return (rest, size);
        ScriptValue reference = ScriptValue.OfReference(Add(value, rest, size));
        return (reference, EncodedSize.OfScalar(reference));
    }

    private (ScriptValue Value, long Size) LiftItems(ScriptValue value)
    {
        long size = EncodedSize.OfHeader(value.Count);
        ScriptValue[]? changed = null;
        for (int i = 0; i < value.Count; i++)
        {
            ScriptValue item = value.Items[i];
            (ScriptValue rest, long itemSize) = Lift(item);
            size += itemSize;
            if (ReferenceEquals(rest, item)) continue;
            changed ??= [.. value.Items];
            changed[i] = rest;
        }

        return (changed is null ? value : ScriptValue.OfArray(changed), size);
    }

    private (ScriptValue Value, long Size) LiftProperties(ScriptValue value)
    {
        long size = EncodedSize.OfHeader(value.Count);
        Dictionary<string, ScriptValue>? changed = null;
        foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
        {
            (ScriptValue rest, long memberSize) = Lift(property.Value);
            size += EncodedSize.OfText(property.Key) + memberSize;
            if (!ReferenceEquals(rest, property.Value)) (changed ??= new(StringComparer.Ordinal)).Add(property.Key, rest);
        }

        if (changed is null) return (value, size);
        var properties = new PropertyTable.Builder(value.Count);
        foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
            properties.Set(property.Key, changed.GetValueOrDefault(property.Key, property.Value));
        return (ScriptValue.OfObject(properties.Build()), size);
    }

    /// <param name="whole">The value from the tool.</param>
    /// <param name="rest">The same value with its large parts replaced.</param>
    private ScriptReference Add(ScriptValue whole, ScriptValue rest, long size)
    {
        var nested = new List<ReferenceEntry>();
        // In the store, references are named by their secrets, because the table does not exist any more when a token is opened.
        ScriptValue stored = ReferenceRewriting.Rewrite(rest, (reference) =>
        {
            ReferenceEntry entry = table.Find(reference);
            nested.Add(entry);
            return ScriptValue.OfReference(entry.Token);
        });
        string secret = NewId();
        var entry = new ReferenceEntry
        {
            Public = new ScriptReference(NewId(), size, whole.Kind, Preview(rest)),
            Secret = secret,
            Key = ReferenceKey.Of(tenantKey, secret),
            Nested = nested,
            ResolvedBytes = size + nested.Sum((inner) => inner.ResolvedBytes),
            Memory = ValueMemory.Of(stored),
            ValueDepth = whole.Depth,
            Depth = 1 + nested.Select((inner) => inner.Depth).DefaultIfEmpty().Max(),
        };
        table.Add(entry);
        _lifted.Add((entry, stored));
        return entry.Public;
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ProtocolLimits.ReferenceIdBytes));

    private static string Preview(ScriptValue value)
    {
        if (value.Kind != ScriptValueKind.String) return ValuePreview.Of(value);
        string text = value.AsString();
        if (text.Length <= PreviewCharacters) return text;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[PreviewCharacters - 1]) ? PreviewCharacters - 1 : PreviewCharacters), "…");
    }
}
