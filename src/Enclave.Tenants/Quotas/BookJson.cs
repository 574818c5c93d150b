using System.Text.Json.Serialization;

namespace Enclave.Tenants.Quotas;

/// <summary>The form of the books of quotas.</summary>
[JsonSerializable(typeof(QuotaBook))]
internal sealed partial class BookJson : JsonSerializerContext;
