using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enclave.Diagnostics;
using Enclave.Tests;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>Dashboard, alerts and runbook only name existing metrics and log ids.</summary>
public sealed partial class PagesTests
{
    [Fact]
    public void Every_instrument_and_activity_has_its_row() => Assert.All(
        Constants().Where((name) => name.StartsWith("enclave.", StringComparison.Ordinal)),
        (name) => Assert.Contains(name[(name.StartsWith("enclave.workers.", StringComparison.Ordinal) ? "enclave.workers".Length : 0)..], Page("telemetry.md"),
            StringComparison.Ordinal));

    [Fact]
    public void The_dashboard_asks_for_instruments_that_there_are_and_leaves_none_out()
    {
        string dashboard = Page("operations/dashboard.json");
        JsonElement[] panels = [.. JsonDocument.Parse(dashboard).RootElement.GetProperty("panels").EnumerateArray()];
        string[] expressions =
            [.. panels.SelectMany((panel) => panel.GetProperty("targets").EnumerateArray()).Select((target) => target.GetProperty("expr").GetString()!)];

        string[] asked = [.. expressions.SelectMany(Series).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(Exported().Order(StringComparer.Ordinal), asked);
    }

    [Fact]
    public void Alerts_and_sizing_ask_for_instruments_that_there_are()
    {
        string[] asked = [.. Series(Page("operations.md")).Distinct()];

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(Exported()));
    }

    [Fact]
    public void The_runbook_has_every_code_and_links_to_its_page() =>
        Assert.All(Enum.GetValues<ErrorCode>(), (code) => Assert.Contains(
            $"\n| [{code.ToCode()}](errors/{code.ToCode()}.md) | ", Page("operations.md"), StringComparison.Ordinal));

    /// <summary>Converts OpenTelemetry's names to Prometheus': the unit behind the name, and the kind behind that.</summary>
    private static string[] Exported()
    {
        List<Instrument> instruments = [];
        using var meter = new Meter("Enclave");
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter, meter)) instruments.Add(instrument);
        };
        _ = new EnclaveMetrics(meter);
        listener.Start();
        return [.. instruments.Select((instrument) => instrument.Name.Replace('.', '_') +
            instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" } + (instrument is Counter<long> ? "_total" : ""))];
    }

    private static IEnumerable<string> Series(string text) => Metric().Matches(text).Select((match) => match.Groups["name"].Value);

    private static IEnumerable<string> Constants() =>
        typeof(TelemetryNames).GetFields(BindingFlags.Static | BindingFlags.Public).Select((field) => (string)field.GetValue(null)!);

    private static string Page(string path) => File.ReadAllText(Path.Combine(Repository.Root, "docs", path));

    [GeneratedRegex("(?<name>enclave_[a-z_]+?)(_bucket|_count|_sum)?(?![a-z_])")]
    private static partial Regex Metric();
}
