using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>A level's requirement for a layer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LayerRequirement>))]
public enum LayerRequirement
{
    /// <summary>Not used.</summary>
    [JsonStringEnumMemberName("off")]
    Off = 0,

    /// <summary>Used if the machine offers it; its absence is reported.</summary>
    [JsonStringEnumMemberName("best effort")]
    BestEffort = 1,

    /// <summary>Without it no script runs, unless <c>EnclaveOptions.AllowDegradedIsolation</c> names it.</summary>
    [JsonStringEnumMemberName("mandatory")]
    Mandatory = 2,
}
