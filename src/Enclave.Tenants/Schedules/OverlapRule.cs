using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The fate of a run whose time has come while an earlier one of its schedule has not ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OverlapRule>))]
public enum OverlapRule
{
    /// <summary>The new run is skipped.</summary>
    Skip,

    /// <summary>The new run waits until the earlier one has ended. At most 100 runs wait.</summary>
    Wait,

    /// <summary>The earlier run is cancelled, and the new run begins after its end.</summary>
    Replace,
}
