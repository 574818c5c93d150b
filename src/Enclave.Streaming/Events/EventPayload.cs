using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The content of an event.</summary>
public abstract record EventPayload
{
    private protected EventPayload()
    {
    }

    /// <summary>Its type on the wire.</summary>
    public abstract string Type { get; }

    /// <summary>Writes its members in the order of the wire. The caller writes the object around them.</summary>
    internal abstract void WriteMembers(Utf8JsonWriter writer);
}
