using System.Text.Json;

namespace Enclave.Streaming.Limits;

/// <summary>Reads limits one by one, and keeps the first fault.</summary>
internal sealed class SessionLimitsReader
{
    /// <summary>The largest number that every JSON reader reads as an exact integer.</summary>
    private const long Most = (1L << 53) - 1;

    private readonly JsonElement _json;

    public SessionLimitsReader(JsonElement json)
    {
        _json = json;
        if (json.ValueKind != JsonValueKind.Object) Problem = "must be an object";
    }

    public string Problem { get; private set; } = "";

    public long? Positive(string name) => Whole(name, 1, "a whole number above 0");

    public long? NotNegative(string name) => Whole(name, 0, "a whole number, 0 or above");

    public bool? Flag(string name)
    {
        if (!TryFind(name, out JsonElement member)) return null;
        if (member.ValueKind is JsonValueKind.True or JsonValueKind.False) return member.ValueKind == JsonValueKind.True;
        Wrong(name, "true or false");
        return null;
    }

    public static long? Lower(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    private long? Whole(string name, long least, string form)
    {
        if (!TryFind(name, out JsonElement member)) return null;
        // 1e3 and 1000.0 are integers too.
        if (member.ValueKind == JsonValueKind.Number && member.TryGetDouble(out double number) && double.IsInteger(number) && number >= least && number <= Most)
            return (long)number;
        Wrong(name, form);
        return null;
    }

    private bool TryFind(string name, out JsonElement member)
    {
        member = default;
        return _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(name, out member);
    }

    private void Wrong(string name, string form)
    {
        if (Problem.Length == 0) Problem = $"{name} must be {form}";
    }
}
