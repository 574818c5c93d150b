using System.Text.Json.Serialization;

namespace Enclave.Guard;

/// <summary>What the gate does with a script.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreOutcome>))]
public enum ScoreOutcome
{
    /// <summary>It runs.</summary>
    [JsonStringEnumMemberName("allowed")]
    Allowed,

    /// <summary>It runs, and its score reached <see cref="ScoringOptions.WarnThreshold"/>.</summary>
    [JsonStringEnumMemberName("warned")]
    Warned,

    /// <summary>It does not run: <c>SCORING_BLOCKED</c>.</summary>
    [JsonStringEnumMemberName("blocked")]
    Blocked,
}
