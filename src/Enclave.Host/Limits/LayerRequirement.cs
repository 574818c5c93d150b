using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>How much a level wants a layer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LayerRequirement>))]
public enum LayerRequirement
{
    /// <summary>Not used.</summary>
    [JsonStringEnumMemberName("off")]
    Off = 0,

    /// <summary>Used where the machine can; its absence is reported.</summary>
    [JsonStringEnumMemberName("best effort")]
    BestEffort = 1,

    /// <summary>Without it no script runs, unless <see cref="EnclaveOptions.AllowDegradedIsolation"/> names it.</summary>
    [JsonStringEnumMemberName("mandatory")]
    Mandatory = 2,
}
