namespace Enclave.Tenants.Ledgers;

/// <summary>The runs of one journal, in the order in which they began.</summary>
internal sealed class JournalRuns
{
    private readonly Dictionary<string, (JournalLine? Begun, LedgerRow? Ended)> _runs = new(StringComparer.Ordinal);

    private JournalRuns()
    {
    }

    /// <summary>Reads the lines of a journal.</summary>
    public static JournalRuns Read(IEnumerable<byte[]> lines)
    {
        var runs = new JournalRuns();
        foreach (JournalLine? line in lines.Select((line) => JournalLine.Read(line)))
        {
            if (line?.Begun is { } begun) runs._runs.TryAdd(begun.Id, (line, null));
            if (line?.Gone is { } gone) runs._runs.Remove(gone);
            if (line?.Ended is not { } row) continue;
            JournalLine? first = runs._runs.GetValueOrDefault(row.Id).Begun;
            runs._runs[row.Id] = (first, row);
        }

        return runs;
    }

    /// <summary>The rows of runs that have ended.</summary>
    public IEnumerable<LedgerRow> Ended() => _runs.Values.Select((run) => run.Ended).OfType<LedgerRow>();

    /// <summary>All runs of a process that has ended. Runs that had not ended are lost.</summary>
    /// <param name="last">When the process last wrote something.</param>
    public IReadOnlyList<LeftRun> Left(DateTimeOffset last) =>
    [
        .. _runs.Values.Select((run) => new LeftRun(
            run.Ended ?? run.Begun!.Begun! with { End = last, Outcome = RowJournal.Lost }, run.Ended is not null, run.Begun)),
    ];
}
