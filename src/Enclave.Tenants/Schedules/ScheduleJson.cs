using System.Text.Json.Serialization;

namespace Enclave.Tenants.Schedules;

/// <summary>The form of schedules.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, MaxDepth = 16)]
[JsonSerializable(typeof(ScheduleRow))]
[JsonSerializable(typeof(ScheduleStatus))]
internal sealed partial class ScheduleJson : JsonSerializerContext;
