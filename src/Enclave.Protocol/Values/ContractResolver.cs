using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Enclave.Protocol.Values;

// Contracts of types. System.Text.Json needs one for each .NET type that becomes a value or is made of one. They come from reflection. A program that is
// trimmed or compiled ahead has no reflection for JSON: there they come from what the application added (its JsonSerializerContext), then from
// PlainContracts, and a type without a contract is refused with the way out.

/// <summary>Finds the JSON contract of a type.</summary>
internal sealed class ContractResolver : IJsonTypeInfoResolver
{
    private readonly Lock _gate = new();
    private readonly DefaultJsonTypeInfoResolver? _reflecting = JsonSerializer.IsReflectionEnabledByDefault ? Reflecting() : null;
    private volatile IJsonTypeInfoResolver[] _added = [];

    private ContractResolver()
    {
    }

    public static ContractResolver Instance { get; } = new();

    /// <summary>Adds contracts of the application. Earlier ones win.</summary>
    public void Add(IJsonTypeInfoResolver contracts)
    {
        lock (_gate)
        {
            if (!_added.Contains(contracts)) _added = [.. _added, contracts];
        }
    }

    /// <inheritdoc/>
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        if (_reflecting is not null) return _reflecting.GetTypeInfo(type, options);
        foreach (IJsonTypeInfoResolver contracts in _added)
        {
            if (contracts.GetTypeInfo(type, options) is { } known) return known;
        }

        return ((IJsonTypeInfoResolver)PlainContracts.Default).GetTypeInfo(type, options);
    }

    /// <summary>The contract of a type with these options.</summary>
    /// <exception cref="NotSupportedException">The type has no contract, or is not data.</exception>
    public static JsonTypeInfo Of(Type type, JsonSerializerOptions options)
    {
        if (!options.IsReadOnly) Complete(options);
        return options.TryGetTypeInfo(type, out JsonTypeInfo? contract)
            ? contract
            : throw new NotSupportedException($"{type} has no JSON contract, and a program that is compiled ahead has no reflection for JSON: " +
                $"add a JsonSerializerContext with [JsonSerializable(typeof({type.Name}))] by JsonContracts.Add (docs/aot.md)");
    }

    /// <summary>Reads JSON as an object of a type.</summary>
    /// <exception cref="JsonException">The JSON does not fit the type.</exception>
    /// <exception cref="NotSupportedException">The type has no contract, or is not data.</exception>
    public static object? Read(ReadOnlySpan<byte> json, Type type, JsonSerializerOptions options)
    {
        JsonTypeInfo contract = Of(type, options);
        if (JsonSerializer.IsReflectionEnabledByDefault || !InitialValues.AreLost(contract)) return JsonSerializer.Deserialize(json, contract);
        var node = JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = options.MaxDepth });
        InitialValues.Fill(node, contract);
        return node.Deserialize(contract);
    }

    /// <summary>Makes a converter of enums by name.</summary>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification =
        "The converter makes an EnumConverter<T> for an enum whose contract is asked for. Ahead of time a contract comes from a JsonSerializerContext, " +
        "which has compiled EnumConverter<T> for this enum.")]
    public static JsonConverter EnumNames(bool allowIntegerValues) => new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues);

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only if the program has reflection for JSON.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only if the program has reflection for JSON.")]
    private static DefaultJsonTypeInfoResolver Reflecting() => new();

    private static void Complete(JsonSerializerOptions options)
    {
        lock (Instance._gate)
        {
            if (options.IsReadOnly) return;
            options.TypeInfoResolver ??= Instance;
            options.MakeReadOnly();
        }
    }
}
