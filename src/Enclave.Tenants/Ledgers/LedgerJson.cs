using System.Text.Json.Serialization;

namespace Enclave.Tenants.Ledgers;

/// <summary>The form of all lines of a ledger, made when the program is built: lines are written for each run.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8)]
[JsonSerializable(typeof(LedgerRow))]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class LedgerJson : JsonSerializerContext;
