using System.Text.Json.Serialization;

namespace Enclave.Guard;

/// <summary>Says if an issue prevents a script from running.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IssueSeverity>))]
public enum IssueSeverity
{
    /// <summary>The script does not run.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The script runs, but its author may want to know.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>The script runs. For information only.</summary>
    [JsonStringEnumMemberName("info")]
    Info,
}
