using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>The JSON settings for arguments and results of registered tools.</summary>
internal static class ToolJson
{
    /// <summary>Deepest nesting of arguments and results. A deeper result counts as a cycle.</summary>
    public const int MaxDepth = 100;

    /// <summary>
    /// Strict: exact names in camel case, no unknown members, required members and nullability respected, numbers as numbers and enums by name.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>The contract of a type with these settings.</summary>
    /// <exception cref="NotSupportedException">The type has no contract, or is not data.</exception>
    public static JsonTypeInfo ContractOf(Type type) => ContractResolver.Of(type, Options);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DictionaryKeyPolicy = null,
            MaxDepth = MaxDepth,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = ContractResolver.Instance,
            Converters = { ContractResolver.EnumNames(allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}
