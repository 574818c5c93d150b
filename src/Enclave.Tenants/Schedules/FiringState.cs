using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The state of one scheduled run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FiringState>))]
public enum FiringState
{
    /// <summary>It waits for an earlier run of its schedule, or for a host.</summary>
    Waiting,

    /// <summary>A host has claimed it.</summary>
    Running,

    /// <summary>Its script succeeded.</summary>
    Succeeded,

    /// <summary>Its script failed, or could not begin.</summary>
    Failed,

    /// <summary>It did not run, because an earlier one had not ended.</summary>
    Skipped,

    /// <summary>It was cancelled, because a later one came.</summary>
    Replaced,

    /// <summary>Its host died or stopped.</summary>
    Lost,
}
