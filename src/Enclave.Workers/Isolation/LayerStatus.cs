using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The status of a layer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LayerStatus>))]
public enum LayerStatus
{
    /// <summary>The level does not use it.</summary>
    [JsonStringEnumMemberName("off")]
    Off = 0,

    /// <summary>It is in force, and <see cref="LayerReport.Method"/> says how that was verified.</summary>
    [JsonStringEnumMemberName("active")]
    Active = 1,

    /// <summary>The worker reports it, but this host may not verify it: <see cref="LayerReport.Detail"/> says what a verification needs.</summary>
    [JsonStringEnumMemberName("unverified")]
    Unverified = 2,

    /// <summary>This machine does not offer it: <see cref="LayerReport.Remedy"/> says what would help.</summary>
    [JsonStringEnumMemberName("unavailable")]
    Unavailable = 3,

    /// <summary>The machine offers it, but applying it failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed = 4,
}
