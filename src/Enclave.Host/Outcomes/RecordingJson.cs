using System.Text.Json.Serialization;

namespace Enclave.Outcomes;

/// <summary>The readers and writers of the file's parts, made at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    MaxDepth = RecordedValueConverter.MaxDepth + 16,
    Converters = [typeof(RecordedValueConverter), typeof(RecordedTextConverter)])]
[JsonSerializable(typeof(RecordingFile))]
internal sealed partial class RecordingJson : JsonSerializerContext;
