using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>How strongly a script is contained. Each level sets defaults for limits, pool, engine and isolation.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SecurityLevel>))]
public enum SecurityLevel
{
    /// <summary>Anonymous or adversarial code: no JIT, smallest limits, one tenant per process, killed without grace.</summary>
    Strict = 0,

    /// <summary>Customers' code: no optimising compilers, small limits, one tenant per process.</summary>
    Secure = 1,

    /// <summary>Code that a model wrote for a known user. The default.</summary>
    Standard = 2,

    /// <summary>Code of your own staff.</summary>
    Permissive = 3,
}
