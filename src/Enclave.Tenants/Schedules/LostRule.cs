using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The fate of a run whose host died or stopped: some of its calls may have been made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LostRule>))]
public enum LostRule
{
    /// <summary>It is lost, and never begins a second time.</summary>
    Lost,

    /// <summary>It begins again, at most three times: for scripts whose calls may be repeated.</summary>
    Retry,
}
