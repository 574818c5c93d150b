using System.Text.Json;

namespace Enclave.Streaming.Json;

/// <summary>The members of one object. The first fault becomes the problem of the reading, which the caller checks once at the end.</summary>
internal readonly struct JsonMembers
{
    private const double MaxInteger = 9007199254740991;

    private readonly JsonElement _json;
    private readonly string _path;
    private readonly JsonReading _reading;

    public JsonMembers(JsonElement json, string path, JsonReading reading)
    {
        _json = json;
        _path = path;
        _reading = reading;
        if (json.ValueKind != JsonValueKind.Object) reading.Refuse(path, "must be an object");
    }

    public bool IsTolerant => _reading.IsTolerant;

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public bool Has(string name) => Find(name) is not null;

    public JsonElement? Find(string name) => _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(name, out JsonElement value) ? value : null;

    public void Refuse(string name, string problem) => _reading.Refuse(PathOf(name), problem);

    public string Text(string name)
    {
        if (Find(name) is { ValueKind: JsonValueKind.String } value) return value.GetString()!;
        Refuse(name, "must be a string");
        return "";
    }

    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    public string NonEmptyText(string name)
    {
        string text = Text(name);
        if (text.Length == 0) Refuse(name, "must not be empty");
        return text;
    }

    /// <summary>Reads the id of a session or call. Ids of peers need no prefix.</summary>
    public string Id(string name, string prefix)
    {
        string id = NonEmptyText(name);
        if (!IsTolerant && (id.Length <= prefix.Length || !id.StartsWith(prefix, StringComparison.Ordinal)))
            Refuse(name, $"must begin with {prefix} and have at least one more character");
        return id;
    }

    public bool Flag(string name) => OptionalFlag(name) ?? Missing(name, "must be true or false", fallback: false);

    public bool? OptionalFlag(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.ValueKind == JsonValueKind.True;
        return Missing(name, "must be true or false", fallback: false);
    }

    public double Number(string name, double minimum = double.MinValue)
    {
        if (Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && number >= minimum && double.IsFinite(number))
            return number;
        return Missing(name, minimum == double.MinValue ? "must be a number" : $"must be a number, {minimum} or more", fallback: 0.0);
    }

    /// <summary>Reads an integer that JavaScript represents exactly; 1.0 and 1e0 count as integers.</summary>
    public long Integer(string name, long minimum = long.MinValue)
    {
        if (Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number)
            && Math.Abs(number) <= MaxInteger && number == Math.Truncate(number) && number >= minimum) return (long)number;
        return Missing(name, minimum == long.MinValue ? "must be a whole number" : $"must be a whole number, {minimum} or more", fallback: 0L);
    }

    public long? OptionalInteger(string name, long minimum) => Has(name) ? Integer(name, minimum) : null;

    public DateTimeOffset Time(string name)
    {
        if (Find(name) is { ValueKind: JsonValueKind.String } value && Iso8601.TryParse(value.GetString()!, out DateTimeOffset? time)) return time.Value;
        return Missing(name, "must be a time as 2026-01-31T12:00:00.000Z", fallback: default(DateTimeOffset));
    }

    public IReadOnlyList<string> Texts(string name, int most = int.MaxValue)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } value) return Missing<string[]>(name, "must be an array of strings", []);
        if (value.GetArrayLength() > most) return Missing<string[]>(name, $"must not be more than {most}", []);
        var texts = new List<string>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) return Missing<string[]>($"{name}.{texts.Count}", "must be a string", []);
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    /// <summary>A copy of any value; null if absent.</summary>
    public JsonElement? OptionalValue(string name) => Find(name)?.Clone();

    /// <summary>A copy of an object; null if absent.</summary>
    public JsonElement? OptionalObject(string name)
    {
        JsonElement? value = Find(name);
        if (value is { ValueKind: not JsonValueKind.Object }) Refuse(name, "must be an object");
        return value?.Clone();
    }

    public JsonMembers Object(string name) => new(Find(name) ?? default, PathOf(name), _reading);

    public JsonMembers? OptionalMembers(string name) => Has(name) ? Object(name) : null;

    /// <summary>The objects of an array, each with its path; null if there is no array.</summary>
    public IReadOnlyList<JsonMembers>? OptionalObjects(string name, int most = int.MaxValue)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) return Missing<JsonMembers[]>(name, "must be an array", []);
        if (value.GetArrayLength() > most) return Missing<JsonMembers[]>(name, $"must not be more than {most}", []);
        var items = new List<JsonMembers>();
        foreach (JsonElement item in value.EnumerateArray()) items.Add(new JsonMembers(item, $"{PathOf(name)}.{items.Count}", _reading));
        return items;
    }

    private T Missing<T>(string name, string problem, T fallback)
    {
        Refuse(name, problem);
        return fallback;
    }
}
