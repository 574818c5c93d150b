using System.Text.Json.Serialization;

namespace Enclave.Outcomes;

/// <summary>Serializers of the file's parts, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    MaxDepth = RecordedValueConverter.MaxDepth + 16,
    Converters = [typeof(RecordedValueConverter), typeof(RecordedTextConverter)])]
[JsonSerializable(typeof(RecordingFile))]
internal sealed partial class RecordingJson : JsonSerializerContext;
