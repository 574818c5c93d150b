using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>What an event says.</summary>
public abstract record EventPayload
{
    private protected EventPayload()
    {
    }

    /// <summary>Its kind on the wire.</summary>
    public abstract string Type { get; }

    /// <summary>Its members, in the order of the wire. The object around them is the caller's.</summary>
    internal abstract void WriteMembers(Utf8JsonWriter writer);
}
