using System.Text.Json;
using Enclave.Guard.Scoring;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Scoring;

/// <summary>docs/scoring.md matches the code.</summary>
public sealed class ScoringDocumentTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "scoring.md"));

    [Fact]
    public void The_table_names_every_signal_in_the_order_of_the_rules()
    {
        IEnumerable<string> rows = s_text.Split('\n').SkipWhile((line) => line != "| signal | id | score |").Skip(2).TakeWhile((line) => line.StartsWith('|'));
        Assert.Equal(FixedRules.Names.Select((rule) => $"| `{rule.Name}` | `{rule.Id}`"), rows.Select(
            (row) => row[..row.IndexOf(" |", row.IndexOf(" |", StringComparison.Ordinal) + 1, StringComparison.Ordinal)]));
        Assert.Equal(FixedRules.Names.Length, FixedRules.All.Length);
    }

    [Fact]
    public void Thresholds_and_defaults_are_those_of_the_options()
    {
        var options = new ScoringOptions();
        Assert.Contains($"| `BlockThreshold` | {options.BlockThreshold} |", s_text, StringComparison.Ordinal);
        Assert.Contains($"| `WarnThreshold` | {options.WarnThreshold} |", s_text, StringComparison.Ordinal);
        Assert.Contains($"| {options.CacheEntries}, {options.CacheTtl.TotalMinutes} min |", s_text, StringComparison.Ordinal);
        Assert.Contains($"`EscalateAt` ({new ProgressiveScorer(options.Scorer).EscalateAt})", s_text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_body_is_the_one_that_is_sent()
    {
        int start = s_text.IndexOf("```json\n", StringComparison.Ordinal) + 8;
        using JsonDocument documented = JsonDocument.Parse(s_text[start..s_text.IndexOf("```", start, StringComparison.Ordinal)]);
        using JsonDocument sent = JsonDocument.Parse(FeatureJson.Write(new ScoreRequest("await callTool('users:list', { limit: 100 })").Features!));
        Assert.Equal(Shape(documented.RootElement), Shape(sent.RootElement));
    }

    private static string Shape(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject().Select((field) => field.Name + ":" + Shape(field.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Shape)) + "]",
        JsonValueKind.String =>
            element.GetString()!.Contains("SHA-256", StringComparison.Ordinal) || element.GetString()!.Length == 64 ? "hash" : element.GetString()!,
        _ => element.GetRawText(),
    };
}
