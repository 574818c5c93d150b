using System.Text.Json.Serialization;

namespace Enclave.Guard;

/// <summary>The meaning of a score.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RiskLevel>))]
public enum RiskLevel
{
    /// <summary>Below 20.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>20 and above.</summary>
    [JsonStringEnumMemberName("low")]
    Low,

    /// <summary>40 and above.</summary>
    [JsonStringEnumMemberName("medium")]
    Medium,

    /// <summary>60 and above.</summary>
    [JsonStringEnumMemberName("high")]
    High,

    /// <summary>80 and above.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}
