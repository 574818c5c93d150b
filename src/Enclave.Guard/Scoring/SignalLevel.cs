using System.Text.Json.Serialization;

namespace Enclave.Guard;

/// <summary>The weight of one signal.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignalLevel>))]
public enum SignalLevel
{
    /// <summary>Below 10.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>10 and above.</summary>
    [JsonStringEnumMemberName("low")]
    Low,

    /// <summary>20 and above.</summary>
    [JsonStringEnumMemberName("medium")]
    Medium,

    /// <summary>35 and above.</summary>
    [JsonStringEnumMemberName("high")]
    High,

    /// <summary>50 and above.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}
