using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>Whether a layer holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LayerStatus>))]
public enum LayerStatus
{
    /// <summary>The level does not use it.</summary>
    [JsonStringEnumMemberName("off")]
    Off = 0,

    /// <summary>It holds, and <see cref="LayerReport.Method"/> says how that is known.</summary>
    [JsonStringEnumMemberName("active")]
    Active = 1,

    /// <summary>The worker says that it holds, and this host may not look: <see cref="LayerReport.Detail"/> says what it would need.</summary>
    [JsonStringEnumMemberName("unverified")]
    Unverified = 2,

    /// <summary>This machine does not offer it: <see cref="LayerReport.Remedy"/> says what would.</summary>
    [JsonStringEnumMemberName("unavailable")]
    Unavailable = 3,

    /// <summary>The machine offers it, and putting it on failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed = 4,
}
