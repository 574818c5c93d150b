using System.CommandLine;
using System.Globalization;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Enclave.Tenants;
using Enclave.Tenants.Ledgers;

namespace Enclave.Cli.Tenants;

/// <summary><c>enclave usage</c>: adds up a ledger.</summary>
internal sealed class UsageCommand(Terminal terminal)
{
    private readonly Option<string?> _ledger = new("--ledger") { Description = "The folder of the ledger.", HelpName = "FOLDER", Required = true };

    private readonly Option<string?> _month = OptionFactory.Object(
        "--month", "MONTH", "Only runs that began in this month, in UTC, as 2026-11. Default: all.", "a month as 2026-11",
        static (string text, out string month) => DateTime.TryParseExact(month = text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));

    private readonly Option<string?> _tenant = new("--tenant") { Description = "Only runs of this tenant.", HelpName = "NAME" };

    private readonly Option<UsageGroups?> _by = OptionFactory.Value<UsageGroups>(
        "--by", "GROUP,...", $"The groups: {UsageJson.Groups}. Default: tenant.", UsageJson.Groups, UsageJson.TryGroups);

    private readonly Option<bool> _json = new("--json") { Description = "Print a list of objects." };

    private readonly Option<bool> _csv = new("--csv") { Description = "Print lines with commas, the names of the columns first." };

    private readonly Option<string?> _cloudEvents = new("--cloudevents")
    {
        Description = "Print each run as a CloudEvent 1.0 in JSON, one a line, with this source.",
        HelpName = "SOURCE",
    };

    public static Command Create(Terminal terminal)
    {
        var usage = new UsageCommand(terminal);
        var command = new Command("usage", "Adds up what tenants used, from a ledger.")
        {
            usage._ledger, usage._month, usage._by, usage._tenant, usage._json, usage._csv, usage._cloudEvents,
        };
        command.SetAction(usage.Run);
        HelpExamples.Add(
            command,
            "enclave usage --ledger ledger",
            "enclave usage --ledger ledger --month 2026-11 --by tenant,script",
            "enclave usage --ledger ledger --month 2026-11 --csv > november.csv",
            "enclave usage --ledger ledger --month 2026-11 --cloudevents https://scripts.example | curl --data-binary @- https://billing.example",
            "enclave usage --ledger ledger --json | jq '.[] | select(.tenant == \"acme\") | .cpuMs'");
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool isEvents = parsed.GetValue(_cloudEvents) is not null;
        if ((parsed.GetValue(_json) ? 1 : 0) + (parsed.GetValue(_csv) ? 1 : 0) + (isEvents ? 1 : 0) > 1)
            throw new UsageException("give one of --json, --csv and --cloudevents.");
        if (isEvents && parsed.GetValue(_by) is not null) throw new UsageException("--cloudevents prints runs, and no groups: omit --by.");
        UsageGroups by = parsed.GetValue(_by) ?? UsageGroups.Tenant;
        string folder = parsed.GetValue(_ledger)!;
        if (!Directory.Exists(folder)) throw new UsageException($"--ledger {folder}: there is no such folder.");
        if (parsed.GetValue(_cloudEvents) is { } source)
        {
            string? tenant = parsed.GetValue(_tenant);
            foreach (LedgerRow row in new LedgerFolder(folder).Read(parsed.GetValue(_month)).Where((row) => tenant is null || row.Tenant == tenant))
                terminal.Output.WriteLine(row.ToCloudEventString(source));
            return ExitCode.Success;
        }

        IReadOnlyList<UsageRow> rows = new LedgerFolder(folder).Sum(by, parsed.GetValue(_month), parsed.GetValue(_tenant));
        if (parsed.GetValue(_json)) terminal.Output.WriteJson(UsageJson.List(rows, by).ToJsonString());
        else PrintTable(rows, by, parsed.GetValue(_csv));
        return ExitCode.Success;
    }

    private void PrintTable(IReadOnlyList<UsageRow> rows, UsageGroups by, bool csv)
    {
        (string Name, Func<UsageRow, string> Text)[] columns =
        [
            .. Group("time", UsageGroups.Month | UsageGroups.Day | UsageGroups.Hour, (row) => row.Time),
            .. Group("tenant", UsageGroups.Tenant, (row) => row.Tenant),
            .. Group("key", UsageGroups.Key, (row) => row.Key), .. Group("script", UsageGroups.Script, (row) => row.Script),
            ("runs", (row) => Count(row.Runs)), ("failed", (row) => Count(row.Failed)), ("lost", (row) => Count(row.Lost)),
            ("notBegun", (row) => Count(row.NotBegun)), ("cpuMs", (row) => Time(row.CpuMs)), ("wallMs", (row) => Time(row.WallMs)),
            ("toolCalls", (row) => Count(row.ToolCalls)), ("bytesIn", (row) => Count(row.BytesIn)), ("bytesOut", (row) => Count(row.BytesOut)),
        ];
        string[][] lines = [[.. columns.Select((column) => column.Name)], .. rows.Select((row) => columns.Select((column) => column.Text(row)).ToArray())];
        if (csv)
        {
            foreach (string[] line in lines) terminal.Output.WriteLine(string.Join(',', line.Select(Quoted)));
            return;
        }

        int[] widths = [.. columns.Select((_, i) => lines.Max((line) => line[i].Length))];
        foreach (string[] line in lines) terminal.Output.WriteLine(string.Join("  ", line.Select((text, i) => text.PadRight(widths[i]))).TrimEnd());

        IEnumerable<(string Name, Func<UsageRow, string> Text)> Group(string name, UsageGroups group, Func<UsageRow, string?> text) =>
            (by & group) == 0 ? [] : [(name, (row) => text(row) ?? "")];
    }

    /// <summary>A name that begins like a formula would be one in a spreadsheet.</summary>
    private static string Quoted(string text)
    {
        if (text.Length > 0 && "=+-@\t\r".Contains(text[0])) text = $"'{text}";
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Time(double milliseconds) => milliseconds.ToString("0.###", CultureInfo.InvariantCulture);
}
