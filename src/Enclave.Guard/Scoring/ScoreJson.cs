using System.Text.Json;

namespace Enclave.Guard.Scoring;

/// <summary>Reads an external scorer's answer. It ignores unknown fields. A known field with an undocumented value makes the whole answer a failure.</summary>
internal static class ScoreJson
{
    private const int MaxSignals = 100;
    private const int MaxId = 64;
    private const int MaxDescription = 512;
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static ScoreResult Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, s_options);
            return Read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, or bytes that are not UTF-8.
            return ScoreResult.Unscored("the scorer's answer is not valid JSON");
        }
    }

    private static ScoreResult Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) return ScoreResult.Unscored("the scorer's answer is not an object");
        if (answer.TryGetProperty("error", out JsonElement error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            return ScoreResult.Unscored("the scorer reported an error");
        if (!TryScore(answer, out int score)) return ScoreResult.Unscored("the scorer's score is not a number from 0 to 100");
        if (answer.TryGetProperty("risk", out JsonElement risk) && !IsLevel(risk)) return ScoreResult.Unscored("the scorer's risk is not a known level");
        var signals = new List<ScoreSignal>();
        if (answer.TryGetProperty("signals", out JsonElement list))
        {
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxSignals)
                return ScoreResult.Unscored($"the scorer's signals are not a list of at most {MaxSignals}");
            foreach (JsonElement element in list.EnumerateArray())
            {
                if (Signal(element) is not { } signal) return ScoreResult.Unscored($"the scorer's signal {signals.Count} is not as documented");
                signals.Add(signal);
            }
        }

        return new ScoreResult(score, signals);
    }

    private static ScoreSignal? Signal(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !TryScore(element, out int score)) return null;
        if (Text(element, "id", MaxId) is not { } id || string.IsNullOrWhiteSpace(id) || Text(element, "description", MaxDescription) is not { } description)
            return null;
        if (element.TryGetProperty("level", out JsonElement level) && !IsLevel(level)) return null;
        string name = FixedRules.Names.FirstOrDefault((known) => known.Id == id).Name ?? id.Replace('_', '-').ToLowerInvariant();
        return new ScoreSignal(name, score, description) { Id = id };
    }

    private static string? Text(JsonElement element, string name, int most) =>
        element.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String && text.GetString() is { } value && value.Length <= most
            ? value
            : null;

    private static bool TryScore(JsonElement element, out int score)
    {
        score = 0;
        if (!element.TryGetProperty("score", out JsonElement number) || number.ValueKind != JsonValueKind.Number) return false;
        if (!number.TryGetDouble(out double value) || !double.IsFinite(value) || value is < 0 or > 100) return false;
        // Rounded up, so that 69.5 does not pass a threshold of 70.
        score = (int)Math.Ceiling(value);
        return true;
    }

    private static bool IsLevel(JsonElement level) =>
        level.ValueKind == JsonValueKind.String && level.GetString() is "none" or "low" or "medium" or "high" or "critical";
}
