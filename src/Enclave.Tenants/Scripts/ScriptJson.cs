using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enclave.Tenants.Scripts;

/// <summary>The form of saved scripts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, Converters = [typeof(LanguageConverter)], MaxDepth = 16)]
[JsonSerializable(typeof(ScriptRow))]
[JsonSerializable(typeof(SavedScript))]
internal sealed partial class ScriptJson : JsonSerializerContext
{
    private sealed class LanguageConverter() : JsonStringEnumConverter<ScriptLanguage>(JsonNamingPolicy.CamelCase);
}
