using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Enclave.Diagnostics;
using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Journals;

/// <summary>The files of durable runs in one folder. All of it waits for the disk.</summary>
internal sealed class RunFolder
{
    private const int MaxRowBytes = 1 << 20;

    private readonly string _folder, _tokens;
    private readonly Dictionary<string, TenantSize> _sizes = new(StringComparer.Ordinal);

    public RunFolder(string path)
    {
        _folder = Path.GetFullPath(path);
        _tokens = Path.Combine(_folder, "tokens");
        Due = new DueIndex(Path.Combine(_folder, "due"));
        foreach (string folder in new[] { _folder, Due.Path, _tokens }) CreateFolder(folder);
    }

    /// <summary>The runs by the time at which they are due.</summary>
    public DueIndex Due { get; }

    /// <summary>
    /// The runs of a tenant, and their bytes. They are counted anew after twenty times as long as counting took; what this process adds and removes meanwhile
    /// counts at once.
    /// </summary>
    public (int Runs, long Bytes) UsageOf(string? tenant)
    {
        string mark = TenantOf(tenant);
        lock (_sizes)
        {
            if (_sizes.TryGetValue(mark, out TenantSize? known) && Environment.TickCount64 < known.Until) return (known.Runs, known.Bytes);
        }

        long began = Environment.TickCount64;
        TenantSize counted = Count(mark);
        long now = Environment.TickCount64;
        counted.Until = now + (20 * (now - began));
        lock (_sizes)
        {
            // Tenants that are not asked for are not kept.
            foreach ((string old, TenantSize size) in _sizes.Where((one) => one.Value.Until < now).ToArray()) _sizes.Remove(old);
            _sizes[mark] = counted;
        }

        return (counted.Runs, counted.Bytes);
    }

    /// <summary>Counts a run that begins, or one less.</summary>
    public void Add(RunKey key, int runs, long bytes)
    {
        lock (_sizes)
        {
            if (!_sizes.TryGetValue(TenantOf(key.Tenant), out TenantSize? known)) return;
            known.Runs += runs;
            known.Bytes += bytes;
        }
    }

    private TenantSize Count(string mark)
    {
        var size = new TenantSize();
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles($"{mark}*"))
        {
            if (file.Extension is not (".run" or ".journal" or ".answer")) continue;
            if (file.Extension == ".run") size.Runs++;
            try
            {
                size.Bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                // It ended meanwhile.
            }
        }

        return size;
    }

    /// <summary>Removes a run. Its lock has to be held.</summary>
    public void Delete(string id, StoredRun run)
    {
        // The row goes first: without it the rest is nobody's.
        File.Delete(RowOf(id));
        Forget(id, run, keep: []);
        File.Delete(JournalOf(id, run.Journal));
        Due.Set(id, null, run.Due);
        File.Delete(LockOf(id));
        Add(run.Key, -1, -run.Bytes);
    }

    /// <summary>Removes a run whose row may be damaged: all files that have its id. Its lock has to be held.</summary>
    public void Discard(string id, RunKey key)
    {
        File.Delete(RowOf(id));
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles($"{id}.*").Where((file) => file.FullName != LockOf(id)))
        {
            bytes += file.Length;
            file.Delete();
        }

        foreach (string token in Directory.EnumerateFiles(_tokens).Where((token) => File.ReadAllText(token) == id)) File.Delete(token);
        foreach ((_, string other, string due) in Due.InOrder())
        {
            if (other == id) File.Delete(due);
        }

        File.Delete(LockOf(id));
        Add(key, -1, -bytes);
    }

    /// <summary>The id of a run: names may be longer than file names, and hold any character.</summary>
    public static string IdOf(RunKey key) => $"{TenantOf(key.Tenant)}{Hash(key.Name)}";

    private static string TenantOf(string? tenant) => Hash(RunKey.MarkOf(tenant))[..16];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)).AsSpan(0, 16));

    public string RowOf(string id) => Path.Combine(_folder, $"{id}.run");

    private string LockOf(string id) => Path.Combine(_folder, $"{id}.lock");

    public string JournalOf(string id, Guid journal) => Path.Combine(_folder, $"{id}.{journal:n}.journal");

    public string AnswerOf(string id, string token) => Path.Combine(_folder, $"{id}.{Hash(token)}.answer");

    private string TokenOf(string token) => Path.Combine(_tokens, Hash(token));

    /// <exception cref="JournalException">The row is damaged, or another run's.</exception>
    public StoredRun? Find(string id)
    {
        byte[] bytes;
        try
        {
            bytes = ReadWhole(RowOf(id), MaxRowBytes);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        StoredRun run = StoredRunFormat.Read(bytes);
        return IdOf(run.Key) == id ? run : throw new JournalException(JournalFault.Damaged, $"the row {id} is the row of another run");
    }

    /// <summary>The row; null if there is none, or if it is damaged: then the others are still there.</summary>
    public StoredRun? TryFind(string id)
    {
        try
        {
            return Find(id);
        }
        catch (Exception fault) when (fault is JournalException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All runs, those first that changed last. Rows are read one by one.</summary>
    public IEnumerable<StoredRun> Rows() => new DirectoryInfo(_folder).EnumerateFiles("*.run").OrderByDescending((file) => file.LastWriteTimeUtc)
        .Select((file) => TryFind(Path.GetFileNameWithoutExtension(file.Name))).OfType<StoredRun>();

    /// <summary>The runs by state. A row says that its run is running also while it is another's to go on with it.</summary>
    public RunTotals Count(DateTimeOffset now)
    {
        long[] states = new long[Enum.GetValues<DurableRunState>().Length];
        long due = 0;
        DateTimeOffset first = now;
        foreach (StoredRun run in Rows())
        {
            states[(int)run.State]++;
            if (run.State != DurableRunState.Suspended || WithDue(run).Due is not { } time || time > now) continue;
            due++;
            if (time > StoredRun.Always && time < first) first = time;
        }

        return new RunTotals(
            states[(int)DurableRunState.Running] + states[(int)DurableRunState.Compensating], states[(int)DurableRunState.Suspended], 0,
            states[(int)DurableRunState.Ended], due, now - first);
    }

    public static byte[] ReadWhole(string file, long maxBytes)
    {
        using SafeFileHandle handle = Open(file, FileMode.Open, FileAccess.Read);
        long length = RandomAccess.GetLength(handle);
        if (length > maxBytes) throw new JournalException(JournalFault.TooLarge, $"{Path.GetFileName(file)} has {length} bytes, and {maxBytes} are allowed");
        byte[] bytes = new byte[length];
        return bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0)).ToArray();
    }

    /// <summary>The lock of a run; null if a process has it.</summary>
    public FileStream? Lock(string id)
    {
        while (true)
        {
            FileStream held;
            try
            {
                held = new FileStream(LockOf(id), new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    BufferSize = 0,
                });
            }
            catch (IOException fault) when (IsLocked(fault))
            {
                return null;
            }

            // Deleting a run deletes its lock file, and this may still be the deleted one.
            if (!OperatingSystem.IsLinux()) return held;
            if (FileIdentity.Of((int)held.SafeFileHandle.DangerousGetHandle())?.Inode == FileIdentity.Of(LockOf(id))?.Inode) return held;
            held.Dispose();
        }
    }

    /// <summary>EWOULDBLOCK of flock(2), and ERROR_SHARING_VIOLATION.</summary>
    private static bool IsLocked(IOException fault) => fault.HResult is 11 or unchecked((int)0x80070020);

    /// <summary>Makes the indexes anew.</summary>
    public void MakeIndexes()
    {
        foreach (StoredRun run in Rows())
        {
            string id = IdOf(run.Key);
            StoredRun seen = run;
            // Its holder may write its row meanwhile.
            for (int attempt = 0; attempt < 5; attempt++)
            {
                Index(id, seen, null);
                if (TryFind(id) is not { } now || now.Changed == seen.Changed) break;
                seen = now;
            }
        }
    }

    /// <summary>The id of the run that has a token; null if none has.</summary>
    public string? IdOfToken(string token) => File.Exists(TokenOf(token)) ? File.ReadAllText(TokenOf(token)) : null;

    /// <summary>Makes the tokens of a run known, and the run due at its time.</summary>
    private void Index(string id, StoredRun run, DateTimeOffset? was)
    {
        foreach (StoredWait wait in run.Waits.Where((wait) => wait.Token.Length > 0))
        {
            // A token belongs to the run that had it first, if that run still waits for it.
            string? other = IdOfToken(wait.Token);
            if (other == id || (other is { Length: > 0 } && TryFind(other) is { } first && first.Waits.Any((one) => one.Token == wait.Token))) continue;
            string file = TokenOf(wait.Token), fresh = $"{file}.{Guid.NewGuid():n}";
            File.WriteAllText(fresh, id);
            File.Move(fresh, file, overwrite: true);
        }

        Due.Set(id, run.Due, was);
        // An answer may have come since: it is looked for after the run's own time is set.
        if (HasAnswer(id, run)) Due.Set(id, StoredRun.Always, run.Due);
    }

    /// <summary>The run with the time at which it is due: at once if an answer came since its row was written.</summary>
    public StoredRun WithDue(StoredRun run) => HasAnswer(IdOf(run.Key), run) ? run with { Due = StoredRun.Always } : run;

    private bool HasAnswer(string id, StoredRun run) => run.Waits.Any((wait) => wait.Token.Length > 0 && File.Exists(AnswerOf(id, wait.Token)));

    public void Save(string id, StoredRun run, StoredRun? before)
    {
        Replace(RowOf(id), StoredRunFormat.Write(run), run.Changed);
        if (before is not null) Forget(id, before, [.. run.Waits]);
        Index(id, run, before?.Due);
    }

    /// <summary>Removes what belongs to the waits that are over.</summary>
    private void Forget(string id, StoredRun run, ImmutableArray<StoredWait> keep)
    {
        foreach (StoredWait wait in run.Waits.Where((wait) => wait.Token.Length > 0 && !keep.Contains(wait)))
        {
            string token = TokenOf(wait.Token);
            if (File.Exists(token) && File.ReadAllText(token) == id) File.Delete(token);
            File.Delete(AnswerOf(id, wait.Token));
        }
    }

    public static SafeFileHandle Open(string file, FileMode mode, FileAccess access = FileAccess.ReadWrite)
    {
        SafeFileHandle handle = File.OpenHandle(file, mode, access, FileShare.ReadWrite | FileShare.Delete);
        if (mode != FileMode.Open && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return handle;
    }

    /// <summary>
    /// Replaces a row as a whole. If the machine dies, the row before may come back: then the run goes on from there, and its journal, which is synchronized,
    /// says what it did.
    /// </summary>
    private static void Replace(string file, ReadOnlySpan<byte> bytes, DateTimeOffset changed)
    {
        string fresh = $"{file}.{Guid.NewGuid():n}";
        Write(fresh, bytes);
        // Lists are in the order of these times.
        File.SetLastWriteTimeUtc(fresh, changed.UtcDateTime);
        File.Move(fresh, file, overwrite: true);
    }

    /// <summary>Creates a file as a whole. False if there is one.</summary>
    public bool TryCreate(string file, ReadOnlySpan<byte> bytes)
    {
        string fresh = $"{file}.{Guid.NewGuid():n}";
        Write(fresh, bytes);
        // Unlike a rename, a link replaces nothing.
        bool isFirst = OperatingSystem.IsLinux() ? Libc.link(fresh, file) == 0 : TryMove(fresh, file);
        File.Delete(fresh);
        if (!isFirst && !File.Exists(file)) throw new IOException($"{Path.GetFileName(file)} cannot be created");
        if (isFirst) SynchronizeFolder();
        return isFirst;
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    private static void Write(string file, ReadOnlySpan<byte> bytes)
    {
        using SafeFileHandle handle = Open(file, FileMode.CreateNew);
        RandomAccess.Write(handle, bytes, 0);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Makes created and renamed files durable. .NET opens no folders.</summary>
    public void SynchronizeFolder()
    {
        if (!OperatingSystem.IsLinux()) return;
        int folder = Libc.open(_folder, Libc.CloseOnExec);
        if (folder < 0 || Libc.fsync(folder) != 0) throw new IOException($"the folder {_folder} cannot be synchronized");
        _ = Libc.close(folder);
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed class TenantSize
    {
        public int Runs { get; set; }

        public long Bytes { get; set; }

        /// <summary>When it is counted anew.</summary>
        public long Until { get; set; }
    }
}
