using System.Text.Json.Serialization;

namespace Enclave.Tenants.Ledgers;

/// <summary>The form of sums.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UsageRow))]
internal sealed partial class UsageRowJson : JsonSerializerContext;
