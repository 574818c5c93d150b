using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The fate of times that are more than 30 s old when a scheduler looks: none ran, the tenant was paused, or the clock was set forward.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissedRule>))]
public enum MissedRule
{
    /// <summary>None of them runs.</summary>
    Skip,

    /// <summary>The last one runs.</summary>
    Once,

    /// <summary>The last ones run, one after another: at most <see cref="ScriptSchedule.MissedRuns"/>.</summary>
    Each,
}
