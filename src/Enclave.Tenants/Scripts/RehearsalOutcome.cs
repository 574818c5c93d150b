using System.Text.Json.Serialization;

namespace Enclave.Tenants;

/// <summary>The outcome of a version with the inputs of a recorded run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RehearsalOutcome>))]
public enum RehearsalOutcome
{
    /// <summary>The same calls, and the same value or error. Console lines may differ.</summary>
    Equal,

    /// <summary>The same calls, and another value; or one where the recorded run failed.</summary>
    OtherValue,

    /// <summary>Another call, other arguments, or fewer or more calls. Later events are not compared, because further calls had no answers.</summary>
    OtherCalls,

    /// <summary>It failed where the recorded run did not, or with another error; or the arguments do not fit its parameters.</summary>
    Failed,

    /// <summary>The recording cannot be replayed on this host: it is damaged or gone, or needs other libraries or limits.</summary>
    NotReplayed,
}
