using System.Text.Json.Serialization;

namespace Enclave.Guard;

/// <summary>The gate's decision on a script.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreOutcome>))]
public enum ScoreOutcome
{
    /// <summary>The script runs.</summary>
    [JsonStringEnumMemberName("allowed")]
    Allowed,

    /// <summary>The script runs, and its score reached <see cref="ScoringOptions.WarnThreshold"/>.</summary>
    [JsonStringEnumMemberName("warned")]
    Warned,

    /// <summary>The script does not run: <c>SCORING_BLOCKED</c>.</summary>
    [JsonStringEnumMemberName("blocked")]
    Blocked,
}
