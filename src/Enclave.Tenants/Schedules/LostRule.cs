using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The fate of a run whose host died or stopped. Nobody knows how far it came.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LostRule>))]
public enum LostRule
{
    /// <summary>It is lost, and never begins a second time.</summary>
    Lost,

    /// <summary>It begins again, at most three times: for scripts whose calls may be repeated.</summary>
    Retry,
}
