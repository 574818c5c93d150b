using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The fate of a run whose time has come while an earlier one of its schedule has not ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OverlapRule>))]
public enum OverlapRule
{
    /// <summary>It does not run.</summary>
    Skip,

    /// <summary>It runs when the earlier one has ended. At most 100 wait.</summary>
    Wait,

    /// <summary>The earlier one is cancelled, and it runs then.</summary>
    Replace,
}
