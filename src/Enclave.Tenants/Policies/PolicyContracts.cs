using System.Text.Json.Serialization;

namespace Enclave.Tenants.Policies;

/// <summary>The contracts of policies.</summary>
[JsonSerializable(typeof(TenantPolicies))]
internal sealed partial class PolicyContracts : JsonSerializerContext;
