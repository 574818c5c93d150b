using System.Text.Json.Serialization.Metadata;

namespace Enclave.Tools;

/// <summary>The JSON kind of a tool's types.</summary>
internal static class JsonKinds
{
    /// <summary>True if it is a list or a dictionary, also if it is an interface of one.</summary>
    public static bool IsCollection(Type type) => ToolJson.ContractOf(type).Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary;
}
