using System.Text.Json.Serialization;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Ledgers;

/// <summary>The form of all lines of a ledger.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8)]
[JsonSerializable(typeof(LedgerRow))]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class LedgerJson : JsonSerializerContext;
