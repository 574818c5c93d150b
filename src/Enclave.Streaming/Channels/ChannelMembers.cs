using System.Text.Json;

namespace Enclave.Streaming.Channels;

/// <summary>The members of a message, followed by those of its <c>payload</c>. A null member counts as absent.</summary>
internal readonly struct ChannelMembers
{
    private readonly JsonElement _outer;
    private readonly JsonElement? _payload;

    public ChannelMembers(JsonElement json)
    {
        _outer = json;
        _payload = json.TryGetProperty("payload"u8, out JsonElement payload) && payload.ValueKind == JsonValueKind.Object ? payload : null;
    }

    public JsonElement? Find(string name)
    {
        if (_outer.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null) return member;
        return _payload is { } payload && payload.TryGetProperty(name, out member) && member.ValueKind != JsonValueKind.Null ? member : null;
    }

    /// <summary>Finds a member that is present and null.</summary>
    public JsonElement? FindNull(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_outer.TryGetProperty(name, out JsonElement member) || (_payload is { } payload && payload.TryGetProperty(name, out member))) return member;
        }

        return null;
    }

    /// <summary>Reads a text member; null if absent. Returns false if it is not a text.</summary>
    public bool TryText(string name, out string? text)
    {
        text = null;
        if (Find(name) is not { } member) return true;
        if (member.ValueKind != JsonValueKind.String) return false;
        text = member.GetString();
        return true;
    }

    /// <summary>Reads a number; null for everything else.</summary>
    public double? Number(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
