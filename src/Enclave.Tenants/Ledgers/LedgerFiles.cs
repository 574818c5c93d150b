using System.Globalization;
using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Ledgers;

/// <summary>
/// The files of a ledger in a folder. <c>2026-11.jsonl</c> has the rows of the runs that began in a month (UTC), each once. <c>open-ID.jsonl</c> is the
/// journal of one process: its runs that have begun, and its ended runs whose rows are not in their months yet. <c>quotas/</c> has the books of the quotas.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class LedgerFiles(string folder)
{
    private const int MaxLine = 1 << 20;

    private const string MonthForm = "yyyy-MM", JournalStart = "open-", Extension = ".jsonl";

    public string Folder => folder;

    /// <summary>The folder of the books.</summary>
    public string Quotas => Path.Combine(folder, "quotas");

    /// <summary>The path of a journal.</summary>
    /// <param name="process">The name of its process: 32 letters and digits.</param>
    /// <param name="number">Tells the journals of a process apart.</param>
    public string JournalOf(string process, int number) => Path.Combine(folder, $"{JournalStart}{process}{(number == 0 ? "" : $"-{number}")}{Extension}");

    /// <summary>The name of the process of a journal.</summary>
    public static string ProcessOf(string journal) =>
        Path.GetFileNameWithoutExtension(journal)[JournalStart.Length..].Split('-')[0];

    /// <summary>The folder in which processes say which book they wait for.</summary>
    public string Wanted => Path.Combine(Quotas, "wanted");

    /// <summary>The journals of all processes.</summary>
    public IEnumerable<string> Journals() => Directory.EnumerateFiles(folder, $"{JournalStart}*{Extension}");

    /// <summary>The month of a row.</summary>
    public static string MonthOf(DateTimeOffset begin) => begin.UtcDateTime.ToString(MonthForm, CultureInfo.InvariantCulture);

    /// <summary>The months that have rows, in order.</summary>
    public IEnumerable<string> Months() => Directory.EnumerateFiles(folder, $"????-??{Extension}").Select((file) => Path.GetFileNameWithoutExtension(file))
        .Where((name) => DateTime.TryParseExact(name, MonthForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)).Order(StringComparer.Ordinal);

    /// <summary>The rows of a month, in the order in which they were written.</summary>
    public IEnumerable<LedgerRow> Rows(string month) =>
        Lines(PathOf(month)).Select((line) => LedgerRow.Read(line)).OfType<LedgerRow>();

    /// <summary>
    /// The rows of all ended runs that began in the first month or later, each once, including rows that are not in the file of their month yet.
    /// </summary>
    /// <param name="first">The first month.</param>
    /// <param name="last">The last month; null for no end.</param>
    public IEnumerable<LedgerRow> RowsFrom(string first, string? last = null)
    {
        // Journals first: a row that goes to its month meanwhile is in both, and is known by its id.
        var underWay = new Dictionary<string, LedgerRow>(StringComparer.Ordinal);
        foreach (string journal in Journals().ToArray())
        {
            foreach (LedgerRow row in JournalRuns.Read(Lines(journal)).Ended()) underWay.TryAdd(row.Id, row);
        }

        foreach (LedgerRow row in Months().Where(Has).SelectMany(Rows))
        {
            underWay.Remove(row.Id);
            yield return row;
        }

        foreach (LedgerRow row in underWay.Values.Where((row) => Has(MonthOf(row.Begin)))) yield return row;

        bool Has(string month) => string.CompareOrdinal(month, first) >= 0 && (last is null || string.CompareOrdinal(month, last) <= 0);
    }

    /// <summary>The lines of a file that may be written meanwhile. None if the file is missing, or if another process has it alone.</summary>
    public static IEnumerable<byte[]> Lines(string path)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException fault) when (fault is FileNotFoundException || FileLock.IsInUse(fault))
        {
            yield break;
        }

        using (file)
        {
            foreach (byte[] line in Lines(file)) yield return line;
        }
    }

    /// <summary>The lines of an open file, without those that are too long for any row.</summary>
    public static IEnumerable<byte[]> Lines(SafeFileHandle file)
    {
        var line = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and int read; at += read)
        {
            for (int start = 0; start < read;)
            {
                int end = buffer.AsSpan(start, read - start).IndexOf((byte)'\n');
                int length = end < 0 ? read - start : end;
                if (line.Length + length <= MaxLine) line.Write(buffer, start, length);
                start += length + 1;
                if (end < 0) continue;
                yield return line.ToArray();
                line.SetLength(0);
            }
        }

        if (line.Length > 0) yield return line.ToArray();
    }

    /// <summary>Appends rows to their months, while no other process does.</summary>
    public async ValueTask AppendAsync(IEnumerable<LedgerRow> rows, CancellationToken cancellationToken)
    {
        using SafeFileHandle alone = await LoneFile.OpenAsync(Path.Combine(folder, ".lock"), cancellationToken).ConfigureAwait(false);
        Append(rows);
    }

    /// <summary>Appends rows to their months, except rows that are there already: a process may have been killed after it wrote them.</summary>
    public async ValueTask AppendMissingAsync(IReadOnlyCollection<LedgerRow> rows, CancellationToken cancellationToken)
    {
        using SafeFileHandle alone = await LoneFile.OpenAsync(Path.Combine(folder, ".lock"), cancellationToken).ConfigureAwait(false);
        var missing = rows.ToDictionary((row) => row.Id, StringComparer.Ordinal);
        foreach (string month in rows.Select((row) => MonthOf(row.Begin)).Distinct())
        {
            foreach (LedgerRow row in Rows(month)) missing.Remove(row.Id);
        }

        Append(missing.Values);
    }

    private void Append(IEnumerable<LedgerRow> rows)
    {
        foreach (IGrouping<string, LedgerRow> month in rows.GroupBy((row) => MonthOf(row.Begin)))
        {
            using SafeFileHandle file = LoneFile.Open(PathOf(month.Key), FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete);
            long end = RandomAccess.GetLength(file);
            var lines = new MemoryStream();
            // An earlier writer may have been killed in the middle of a line.
            if (end > 0 && !EndsLine(file, end)) lines.WriteByte((byte)'\n');
            foreach (LedgerRow row in month)
            {
                lines.Write(row.ToUtf8());
                lines.WriteByte((byte)'\n');
            }

            try
            {
                RandomAccess.Write(file, lines.GetBuffer().AsSpan(0, (int)lines.Length), end);
            }
            catch (IOException)
            {
                // A full disk may take a part of the rows. Remove the part, because the whole write is repeated.
                RandomAccess.SetLength(file, end);
                throw;
            }
        }
    }

    private static bool EndsLine(SafeFileHandle file, long end)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(file, last, end - 1) == 1 && last[0] == '\n';
    }

    private string PathOf(string month) => Path.Combine(folder, $"{month}{Extension}");
}
