using System.Globalization;
using Enclave.Tenants.Ledgers;

namespace Enclave.Tenants;

/// <summary>Reads a ledger in a folder, also while hosts write to it (docs/tenants.md).</summary>
/// <param name="folder">The folder.</param>
public sealed class LedgerFolder(string folder)
{
    /// <summary>
    /// Names of tenants and scripts come from callers, so the groups are bounded. Further groups are one, with the name <see cref="Others"/>.
    /// </summary>
    public const int MaxGroups = 100_000;

    /// <summary>The name of groups beyond <see cref="MaxGroups"/>.</summary>
    public const string Others = "(others)";

    private readonly LedgerFiles _files = new(Path.GetFullPath(folder));

    /// <summary>The rows of runs that have ended, each once: month by month, in the order in which they were written.</summary>
    /// <param name="month">The month in which the runs began, as <c>2026-11</c>, in UTC; null for all.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public IEnumerable<LedgerRow> Read(string? month = null) => _files.RowsFrom(month ?? "", month);

    /// <summary>Adds up runs.</summary>
    /// <param name="by">The groups.</param>
    /// <param name="month">As for <see cref="Read"/>.</param>
    /// <param name="tenant">Only runs of this tenant; null for all.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public IReadOnlyList<UsageRow> Sum(UsageGroups by = UsageGroups.Tenant, string? month = null, string? tenant = null) =>
        Sum(by, month, tenant, CancellationToken.None);

    /// <summary>Adds up runs, until the token is cancelled.</summary>
    internal IReadOnlyList<UsageRow> Sum(UsageGroups by, string? month, string? tenant, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<(string? Time, string? Tenant, string? Key, string? Script), UsageRow>();
        foreach (LedgerRow row in Read(month))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (tenant is not null && row.Tenant != tenant) continue;
            (string? Time, string? Tenant, string? Key, string? Script) group = (
                by.HasFlag(UsageGroups.Hour) ? row.Begin.UtcDateTime.ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture)
                    : by.HasFlag(UsageGroups.Day) ? row.Begin.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                    : by.HasFlag(UsageGroups.Month) ? LedgerFiles.MonthOf(row.Begin) : null,
                by.HasFlag(UsageGroups.Tenant) ? row.Tenant : null,
                by.HasFlag(UsageGroups.Key) ? row.Key : null,
                by.HasFlag(UsageGroups.Script) ? row.Script : null);
            if (!sums.TryGetValue(group, out UsageRow? sum))
            {
                if (sums.Count >= MaxGroups) group = (null, Others, null, null);
                sum = sums.GetValueOrDefault(group) ?? new UsageRow { Time = group.Time, Tenant = group.Tenant, Key = group.Key, Script = group.Script };
            }

            sums[group] = Add(sum, row);
        }

        return [.. sums.OrderBy((one) => one.Key.Time, StringComparer.Ordinal).ThenBy((one) => one.Key.Tenant, StringComparer.Ordinal)
            .ThenBy((one) => one.Key.Key, StringComparer.Ordinal).ThenBy((one) => one.Key.Script, StringComparer.Ordinal).Select((one) => one.Value)];
    }

    private static UsageRow Add(UsageRow sum, LedgerRow row) => sum with
    {
        Runs = sum.Runs + (LedgerUse.CountsAsRun(row) ? 1 : 0),
        Failed = sum.Failed + (LedgerUse.HasFailed(row) ? 1 : 0),
        Lost = sum.Lost + (row.Outcome == RowJournal.Lost ? 1 : 0),
        NotBegun = sum.NotBegun + (!row.Began && row.Outcome != RowJournal.Lost ? 1 : 0),
        CpuMs = sum.CpuMs + row.CpuMs,
        WallMs = sum.WallMs + row.WallMs,
        ToolCalls = sum.ToolCalls + row.ToolCalls,
        BytesIn = sum.BytesIn + row.BytesIn,
        BytesOut = sum.BytesOut + row.BytesOut,
    };
}
