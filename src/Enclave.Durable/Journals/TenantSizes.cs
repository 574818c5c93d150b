namespace Enclave.Journals;

/// <summary>
/// The runs of tenants in a folder, and their bytes. A count holds for twenty times the time that it took. The changes of this process count at once.
/// </summary>
/// <param name="folder">The folder. The names of a tenant's files begin with its mark.</param>
internal sealed class TenantSizes(string folder)
{
    private readonly Dictionary<string, Size> _sizes = new(StringComparer.Ordinal);

    /// <summary>All runs that this process added, and their bytes, of all tenants.</summary>
    private (int Runs, long Bytes) _added;

    /// <summary>Changes of files under way, which are counted when they are done.</summary>
    private int _changing;

    public (int Runs, long Bytes) Of(string mark)
    {
        (int Runs, long Bytes) before;
        bool isQuiet;
        lock (_sizes)
        {
            if (_sizes.TryGetValue(mark, out Size? known) && Environment.TickCount64 < known.Until) return (known.Runs, known.Bytes);
            before = _added;
            isQuiet = _changing == 0;
        }

        long began = Environment.TickCount64;
        Size counted = Count(mark);
        long now = Environment.TickCount64;
        lock (_sizes)
        {
            // The count may or may not include a run that was added meanwhile: add it, and count again at the next call.
            (int runs, long bytes) = (_added.Runs - before.Runs, _added.Bytes - before.Bytes);
            counted.Runs += Math.Max(0, runs);
            counted.Bytes += Math.Max(0, bytes);
            // Do not keep a count that was made during a change: the change would be counted twice.
            counted.Until = isQuiet && _changing == 0 && (runs, bytes) == default ? now + (20 * (now - began)) : now;
            // Remove sizes whose time is over, so that tenants without new requests take no memory.
            foreach ((string old, Size size) in _sizes.Where((one) => one.Value.Until < now).ToArray()) _sizes.Remove(old);
            _sizes[mark] = counted;
        }

        return (counted.Runs, counted.Bytes);
    }

    /// <summary>Changes files, and counts what it changed.</summary>
    public void Change(string mark, Func<(int Runs, long Bytes)> change)
    {
        lock (_sizes) _changing++;
        try
        {
            (int runs, long bytes) = change();
            Add(mark, runs, bytes);
        }
        finally
        {
            lock (_sizes) _changing--;
        }
    }

    /// <summary>Counts what was added to a tenant's runs, or taken away.</summary>
    public void Add(string mark, int runs, long bytes)
    {
        lock (_sizes)
        {
            _added = (_added.Runs + runs, _added.Bytes + bytes);
            if (!_sizes.TryGetValue(mark, out Size? known)) return;
            known.Runs += runs;
            known.Bytes += bytes;
        }
    }

    private Size Count(string mark)
    {
        var size = new Size();
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles($"{mark}*"))
        {
            if (file.Extension is not (".run" or ".journal" or ".answer")) continue;
            if (file.Extension == ".run") size.Runs++;
            try
            {
                size.Bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                // The run was removed meanwhile.
            }
        }

        return size;
    }

    private sealed class Size
    {
        public int Runs { get; set; }

        public long Bytes { get; set; }

        /// <summary>When it is counted anew.</summary>
        public long Until { get; set; }
    }
}
