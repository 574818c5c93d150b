using System.Text.Json.Serialization;

namespace Enclave.Guard;

/// <summary>Whether an issue keeps a script from running.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IssueSeverity>))]
public enum IssueSeverity
{
    /// <summary>It does not run.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>It runs; whoever wrote it may want to know.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It runs.</summary>
    [JsonStringEnumMemberName("info")]
    Info,
}
