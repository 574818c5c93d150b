using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Enclave.Protocol.Values;

// Initial values of init-only members, as in { public int Limit { get; init; } = 10; }. A contract from a JsonSerializerContext sets every init-only
// member, also one that the JSON leaves out, so the initial value is lost. A contract from reflection keeps it. To have one behaviour, members that the
// JSON leaves out are written into it before it is read.

/// <summary>The initial values of members that a generated contract would overwrite.</summary>
internal static class InitialValues
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, Members> s_known = new();

    /// <summary>True if objects of this type, or inside it, have such members.</summary>
    public static bool AreLost(JsonTypeInfo contract) => AreLost(contract, []);

    /// <summary>Adds the members that objects leave out. Recursion is as deep as the JSON, which its parser has bounded.</summary>
    public static void Fill(JsonNode? node, JsonTypeInfo contract)
    {
        switch (node)
        {
            case JsonObject map when contract.Kind == JsonTypeInfoKind.Object:
                foreach (JsonPropertyInfo property in contract.Properties)
                {
                    if (TryFind(map, property.Name, contract, out JsonNode? present)) FillMember(present, property.PropertyType, contract);
                }

                foreach ((string name, JsonNode? initial) in Known(contract).Initial)
                {
                    if (!TryFind(map, name, contract, out _)) map.Add(name, initial?.DeepClone());
                }

                break;
            case JsonObject map when contract is { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } element }:
                foreach ((_, JsonNode? present) in map) FillMember(present, element, contract);
                break;
            case JsonArray items when contract is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element }:
                foreach (JsonNode? item in items) FillMember(item, element, contract);
                break;
        }
    }

    private static bool TryFind(JsonObject map, string name, JsonTypeInfo contract, out JsonNode? present)
    {
        if (map.TryGetPropertyValue(name, out present)) return true;
        if (!contract.Options.PropertyNameCaseInsensitive) return false;
        foreach ((string key, JsonNode? value) in map)
        {
            if (!key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            present = value;
            return true;
        }

        return false;
    }

    private static void FillMember(JsonNode? node, Type type, JsonTypeInfo parent)
    {
        if (node is JsonObject or JsonArray && parent.Options.TryGetTypeInfo(Nullable.GetUnderlyingType(type) ?? type, out JsonTypeInfo? contract))
            Fill(node, contract);
    }

    private static bool AreLost(JsonTypeInfo contract, HashSet<Type> seen)
    {
        if (!seen.Add(contract.Type)) return false;
        if (Known(contract).Initial.Count > 0) return true;
        IEnumerable<Type> inside = contract.Kind == JsonTypeInfoKind.Object
            ? contract.Properties.Select((property) => property.PropertyType)
            : contract.ElementType is { } element ? [element] : [];
        return inside.Any((type) =>
            contract.Options.TryGetTypeInfo(Nullable.GetUnderlyingType(type) ?? type, out JsonTypeInfo? known) && AreLost(known, seen));
    }

    private static Members Known(JsonTypeInfo contract) => s_known.GetValue(contract, static (contract) => new(Read(contract)));

    private static List<KeyValuePair<string, JsonNode?>> Read(JsonTypeInfo contract)
    {
        JsonPropertyInfo[] members = contract.Kind != JsonTypeInfoKind.Object ? [] :
        [
            .. contract.Properties.Where((property) => property is { IsRequired: false, Get: not null, AssociatedParameter.IsMemberInitializer: true }),
        ];
        if (members.Length == 0 || Make(contract) is not { } made) return [];
        var initial = new List<KeyValuePair<string, JsonNode?>>();
        foreach (JsonPropertyInfo member in members)
        {
            // Skip null and zero: the contract sets them anyway, and may refuse them in JSON.
            if (member.Get!(made) is not { } value || IsZero(value) || !contract.Options.TryGetTypeInfo(member.PropertyType, out JsonTypeInfo? own)) continue;
            initial.Add(new(member.Name, JsonSerializer.SerializeToNode(value, own)));
        }

        return initial;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "A value of zeros needs no constructor.")]
    private static bool IsZero(object value) => value is ValueType && value.Equals(RuntimeHelpers.GetUninitializedObject(value.GetType()));

    // The constructor gets zeros. If it refuses them, the type's members have no initial values (docs/aot.md).
    private static object? Make(JsonTypeInfo contract)
    {
        if (contract.ConstructorAttributeProvider is not ConstructorInfo constructor) return null;
        try
        {
            return constructor.Invoke([.. constructor.GetParameters().Select((parameter) => parameter.HasDefaultValue ? parameter.DefaultValue : null)]);
        }
#pragma warning disable CA1031 // The constructor is the application's, and may throw anything.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private sealed record Members(List<KeyValuePair<string, JsonNode?>> Initial);
}
