using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Protocol.Values;

/// <summary>One conversion of a .NET object to a value. It tracks its position, so that errors can name the path.</summary>
internal sealed partial class ObjectConversion
{
    private const int LongestPath = 100;
    private const int MostExpected = 4096;

    private readonly ValuePath _path = new();
    private readonly List<object> _ancestors = [];
    private long _decimalWork;

    public ScriptValue Convert(object? value)
    {
        if (value is ScriptValue ready)
        {
            // Only the run or tenant that a reference belongs to may open it.
            if (ready.HasReference) throw Refusal("a reference cannot be a script value: open it first");
            if (_path.Depth + ready.Depth > ProtocolLimits.MaxObjectDepth) RefuseDepth();
            return ready;
        }

        if (ScalarConversion.Convert(value) is { } scalar) return scalar;
        switch (value)
        {
            case Delegate or Type or Stream or System.Reflection.MemberInfo:
                throw Refusal($"a {value.GetType().Name} cannot be a script value");
            case System.Numerics.BigInteger:
                throw Refusal($"a BigInteger above {ProtocolLimits.MaxBigIntBytes} bytes cannot be a script value");
            case JsonDocument document:
                return ConvertElement(document.RootElement);
            case JsonElement element:
                return ConvertElement(element);
            case JsonValue node:
                return Convert(node.GetValue<object>());
        }

        EnterContainer(value!);
        ScriptValue converted = value switch
        {
            IDictionary<string, object?> map => ConvertPairs(map),
            IReadOnlyDictionary<string, object?> map => ConvertPairs(map),
            JsonObject map => ConvertTree(map),
            IDictionary map when HasStringKeys(map) => ConvertDictionary(map),
            IEnumerable pairs when TypedPairs(pairs) is { } typed => ConvertPairs(typed),
            IDictionary => ConvertElement(SerializeOther(value)),
            IEnumerable sequence => ConvertSequence(sequence),
            _ => ConvertElement(SerializeOther(value!)),
        };
        LeaveContainer();
        return converted;
    }

    private ScriptValue ConvertPairs<T>(IEnumerable<KeyValuePair<string, T>> pairs)
    {
        var properties = new PropertyTable.Builder(Expected(pairs));
        foreach (KeyValuePair<string, T> pair in pairs) ConvertProperty(properties, pair.Key, pair.Value);
        return ScriptValue.OfObject(properties.Build());
    }

    private ScriptValue ConvertTree(JsonObject map)
    {
        try
        {
            return ConvertPairs(map);
        }
        catch (InvalidOperationException unreadable)
        {
            // A JsonNode tree parses names only when they are read, and refuses lone surrogates; a JsonElement accepts them.
            throw Refusal(unreadable.Message, unreadable);
        }
    }

    private IEnumerable<KeyValuePair<string, object?>>? TypedPairs(IEnumerable candidate)
    {
        try
        {
            return StringKeyed.PairsOf(candidate);
        }
        catch (NotSupportedException error)
        {
            throw Refusal(error.Message, error);
        }
    }

    private ScriptValue ConvertDictionary(IDictionary map)
    {
        var properties = new PropertyTable.Builder(map.Count);
        foreach (DictionaryEntry entry in map) ConvertProperty(properties, (string)entry.Key, entry.Value);
        return ScriptValue.OfObject(properties.Build());
    }

    private void ConvertProperty(PropertyTable.Builder properties, string key, object? value)
    {
        _path.Enter(key);
        properties.Set(key, Convert(value));
        _path.Leave();
    }

    private ScriptValue ConvertSequence(IEnumerable sequence)
    {
        var items = new List<ScriptValue>(Expected(sequence));
        foreach (object? item in sequence)
        {
            _path.Enter(items.Count);
            items.Add(Convert(item));
            _path.Leave();
        }

        return ScriptValue.OfArray([.. items]);
    }

    /// <summary>The expected number of elements. A collection's own count is not trusted: no more is allocated than for a moderate one.</summary>
    private static int Expected(IEnumerable sequence) => sequence is ICollection { Count: > 0 and var count } ? Math.Min(count, MostExpected) : 0;

    private JsonElement SerializeOther(object value)
    {
        try
        {
            return OtherObjects.Serialize(value);
        }
        catch (JsonException error)
        {
            // The serializer's advice about its options does not help here, and the path of a cycle has a hundred steps.
            string reason = error.Message.Split(". ")[0];
            string inside = error.Path is { Length: > 1 } path ? path[1..Math.Min(path.Length, LongestPath)] : "";
            throw new ArgumentException($"{reason} (at {_path}{inside}, in a {value.GetType().Name})", error);
        }
        catch (NotSupportedException error)
        {
            throw Refusal(error.Message, error);
        }
    }

    private ScriptValue ConvertElement(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                CheckDepth();
                var properties = new PropertyTable.Builder(element.GetPropertyCount());
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    string key = JsonText.ReadName(property);
                    _path.Enter(key);
                    properties.Set(key, ConvertElement(property.Value));
                    _path.Leave();
                }

                return ScriptValue.OfObject(properties.Build());
            case JsonValueKind.Array:
                CheckDepth();
                var items = new ScriptValue[element.GetArrayLength()];
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    _path.Enter(index);
                    items[index++] = ConvertElement(item);
                    _path.Leave();
                }

                return ScriptValue.OfArray(items);
            case JsonValueKind.String:
                return ScriptValue.OfString(JsonText.Read(element));
            case JsonValueKind.Number:
                return Counted(JsonNumber.Read(element));
            case JsonValueKind.True:
                return ScriptValue.True;
            case JsonValueKind.False:
                return ScriptValue.False;
            case JsonValueKind.Null:
                return ScriptValue.Null;
            default:
                return ScriptValue.Undefined;
        }
    }

    /// <summary>Bounds the work of writing integers in decimal, because the JSON may be untrusted.</summary>
    private ScriptValue Counted(ScriptValue number)
    {
        if (number.Kind != ScriptValueKind.BigInt) return number;
        long bytes = number.AsBigInteger().GetByteCount();
        _decimalWork += bytes * bytes;
        return _decimalWork <= ValueCost.MaxDecimalWork
            ? number
            : throw Refusal("its integers take longer to write in decimal than sixteen BigInts of 8 KB, the most for one value; strings have no such limit");
    }

    private void EnterContainer(object container)
    {
        CheckDepth();
        foreach (object ancestor in _ancestors)
        {
            if (ReferenceEquals(ancestor, container)) throw Refusal($"the {container.GetType().Name} contains itself");
        }

        _ancestors.Add(container);
    }

    private void LeaveContainer() => _ancestors.RemoveAt(_ancestors.Count - 1);

    private void CheckDepth()
    {
        if (_path.Depth >= ProtocolLimits.MaxObjectDepth) RefuseDepth();
    }

    private static bool HasStringKeys(IDictionary map)
    {
        foreach (object key in map.Keys)
        {
            if (key is not string) return false;
        }

        return true;
    }

    [DoesNotReturn]
    private void RefuseDepth() => throw Refusal($"nesting above {ProtocolLimits.MaxObjectDepth}");

    private ArgumentException Refusal(string reason, Exception? cause = null) => new($"{reason} (at {_path})", cause);
}
