using System.Text.Json.Serialization;
using Enclave.Tenants;

namespace Enclave.Cli.Tenants;

/// <summary>A line of <c>enclave usage --json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UsageRow))]
internal sealed partial class UsageJson : JsonSerializerContext;
