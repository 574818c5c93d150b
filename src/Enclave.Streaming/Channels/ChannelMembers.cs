using System.Text.Json;

namespace Enclave.Streaming.Channels;

/// <summary>The members of a message, and behind them those of its <c>payload</c>. A member that is null counts as absent.</summary>
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

    /// <summary>A member that is there, and null.</summary>
    public JsonElement? FindNull(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_outer.TryGetProperty(name, out JsonElement member) || (_payload is { } payload && payload.TryGetProperty(name, out member))) return member;
        }

        return null;
    }

    /// <summary>The text of a member, or null where it is absent. False when it is no text.</summary>
    public bool TryText(string name, out string? text)
    {
        text = null;
        if (Find(name) is not { } member) return true;
        if (member.ValueKind != JsonValueKind.String) return false;
        text = member.GetString();
        return true;
    }

    /// <summary>A number; null for everything else.</summary>
    public double? Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
