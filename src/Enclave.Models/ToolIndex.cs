namespace Enclave.Models;

/// <summary>Finds tools by words: Okapi BM25 over names and descriptions. A word of a name counts three times.</summary>
internal sealed class ToolIndex
{
    /// <summary>The most tools that a model finds, or has described, at once.</summary>
    public const int MaxFound = 100, MaxDescribed = 100;

    private const double K1 = 1.2, B = 0.75;
    private const int NameWeight = 3;

    private readonly Dictionary<string, List<(int Tool, int Count)>> _places = new(StringComparer.Ordinal);
    private readonly int[] _lengths;
    private readonly double _meanLength;

    public ToolIndex(IReadOnlyList<ToolDefinition> tools)
    {
        Tools = tools;
        _lengths = new int[tools.Count];
        for (int i = 0; i < tools.Count; i++)
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (string word in ToolWords.Of(tools[i].Name)) counts[word] = counts.GetValueOrDefault(word) + NameWeight;
            foreach (string word in ToolWords.Of(tools[i].Description ?? "")) counts[word] = counts.GetValueOrDefault(word) + 1;
            foreach ((string word, int count) in counts)
            {
                if (!_places.TryGetValue(word, out List<(int Tool, int Count)>? places)) _places[word] = places = [];
                places.Add((i, count));
                _lengths[i] += count;
            }
        }

        _meanLength = tools.Count == 0 ? 1 : Math.Max(1, _lengths.Average());
    }

    /// <summary>The indexed tools, in their order.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; }

    /// <summary>The best matches, best first. Tools without a word of the query are left out.</summary>
    public IReadOnlyList<ToolDefinition> Search(string query, int limit)
    {
        var scores = new Dictionary<int, double>();
        foreach (string word in ToolWords.Of(query).Distinct(StringComparer.Ordinal).Take(ToolWords.MaxQueryWords))
        {
            if (!_places.TryGetValue(word, out List<(int Tool, int Count)>? places)) continue;
            double rarity = Math.Log(1 + ((Tools.Count - places.Count + 0.5) / (places.Count + 0.5)));
            foreach ((int tool, int count) in places)
            {
                double weight = count * (K1 + 1) / (count + (K1 * (1 - B + (B * _lengths[tool] / _meanLength))));
                scores[tool] = scores.GetValueOrDefault(tool) + (rarity * weight);
            }
        }

        return [.. scores.OrderByDescending((score) => score.Value).ThenBy((score) => score.Key).Take(limit).Select((score) => Tools[score.Key])];
    }
}
