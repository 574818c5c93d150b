using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>How often the host compares a worker's memory with its checkpoint, from outside, before the worker gets its next job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResetComparison>))]
public enum ResetComparison
{
    /// <summary>The level's setting: after every run at STRICT, sampled at SECURE, off at STANDARD and PERMISSIVE.</summary>
    [JsonStringEnumMemberName("by_level")]
    ByLevel = 0,

    /// <summary>Never.</summary>
    [JsonStringEnumMemberName("off")]
    Off = 1,

    /// <summary>After one run in 64, at random.</summary>
    [JsonStringEnumMemberName("sampled")]
    Sampled = 2,

    /// <summary>After every run. Pages that the kernel keeps unchanged (mseal, Linux 6.10) are compared after one run in 64, at random.</summary>
    [JsonStringEnumMemberName("every_run")]
    EveryRun = 3,
}
