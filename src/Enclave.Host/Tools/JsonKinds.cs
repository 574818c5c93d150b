using System.Text.Json.Serialization.Metadata;

namespace Enclave.Tools;

/// <summary>How tools' JSON sees a type.</summary>
internal static class JsonKinds
{
    /// <summary>True if it is a list or a dictionary, interfaces of such included.</summary>
    public static bool IsCollection(Type type) => ToolJson.Options.GetTypeInfo(type).Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary;
}
