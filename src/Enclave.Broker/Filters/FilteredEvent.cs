using System.Globalization;
using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Streaming.Json;

namespace Enclave.Broker.Filters;

/// <summary>An event under examination by a filter: its texts, each extracted once, and the time spent on patterns.</summary>
internal sealed class FilteredEvent(JsonElement json)
{
    private readonly Dictionary<string, FilterText?> _texts = new(StringComparer.Ordinal);
    private WorkMeter? _meter;

    /// <summary>Tries a pattern that takes steps. False also if all such patterns on this event take longer than the limit of CPU time.</summary>
    public bool Matches(TimeSpan limit, Func<WorkMeter, bool> pattern)
    {
        _meter ??= new WorkMeter(limit, ThreadCpuTime.Now, CancellationToken.None);
        try
        {
            _meter.CheckLimits();
            return pattern(_meter);
        }
        catch (WorkLimitException)
        {
            return false;
        }
    }

    /// <summary>The text at a dotted path from the event; for an empty path the payload as JSON. Null if there is no such member.</summary>
    public FilterText? Find(string field)
    {
        if (_texts.TryGetValue(field, out FilterText? text)) return text;
        return _texts[field] = field.Length == 0 ? Member(json, "payload") is { } payload ? Json(payload) : null : AtPath(field);
    }

    private FilterText? AtPath(string field)
    {
        JsonElement? found = json;
        foreach (Range part in field.AsSpan().Split('.'))
        {
            found = Member(found.Value, field.AsSpan()[part]);
            if (found is null) return null;
        }

        return found.Value.ValueKind switch
        {
            JsonValueKind.Null => new FilterText("", true),
            JsonValueKind.String => Cut(found.Value.GetString()!),
            _ => Json(found.Value),
        };
    }

    private static JsonElement? Member(JsonElement parent, ReadOnlySpan<char> name)
    {
        if (parent.ValueKind == JsonValueKind.Object) return parent.TryGetProperty(name, out JsonElement value) ? value : null;
        // An index has only one written form. With several forms, each pattern of a filter could read the same text again.
        if (parent.ValueKind != JsonValueKind.Array || (name.Length > 1 && name[0] == '0')) return null;
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)) return null;
        return index < parent.GetArrayLength() ? parent[index] : null;
    }

    private static FilterText Cut(string text) =>
        text.Length <= FilterLimits.Text ? new FilterText(text, true) : new FilterText(text[..FilterLimits.Text], false);

    private static FilterText Json(JsonElement value) => new(JavaScriptJson.Write(value, FilterLimits.Text, out bool isWhole), isWhole);
}
