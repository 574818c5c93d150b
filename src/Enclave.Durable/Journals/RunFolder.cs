using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Enclave.Diagnostics;
using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Journals;

/// <summary>The files of durable runs in one folder. All methods wait for the disk.</summary>
internal sealed class RunFolder
{
    private const int MaxRowBytes = 1 << 20, IdCharacters = 48;

    /// <summary>How long a row or an answer waits for others of the same run.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _folder, _tokens;

    public RunFolder(string path)
    {
        _folder = Path.GetFullPath(path);
        _tokens = Path.Combine(_folder, "tokens");
        Due = new DueIndex(Path.Combine(_folder, "due"));
        Sizes = new TenantSizes(_folder);
        foreach (string folder in new[] { _folder, Due.Path, _tokens }) CreateFolder(folder);
        FileLock.Check(_folder, FileLock.TryTake, "two hosts could run one run");
    }

    /// <summary>The runs by the time at which they are due.</summary>
    public DueIndex Due { get; }

    /// <summary>The runs of tenants, and their bytes.</summary>
    public TenantSizes Sizes { get; }

    /// <summary>Removes a run. Its lock has to be held.</summary>
    public void Delete(string id, StoredRun run) => Sizes.Change(TenantOf(run.Key.Tenant), () =>
    {
        // Delete the row first: without a row the other files belong to no run.
        File.Delete(RowOf(id));
        Forget(id, run, keep: []);
        File.Delete(JournalOf(id, run.Journal));
        Due.Set(id, null, run.Due);
        File.Delete(AnswersOf(id));
        File.Delete(LockOf(id));
        return (-1, -run.Bytes);
    });

    /// <summary>Removes a run whose row may be damaged: all files that have its id. Its lock has to be held.</summary>
    public void Discard(string id, RunKey key) => Sizes.Change(TenantOf(key.Tenant), () =>
    {
        File.Delete(RowOf(id));
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles($"{id}.*").Where((file) => file.FullName != LockOf(id)))
        {
            bytes += file.Length;
            file.Delete();
        }

        foreach (string token in Directory.EnumerateFiles(_tokens).Where((token) => TryRead(token) == id)) File.Delete(token);
        foreach ((_, string other, string due) in Due.InOrder())
        {
            if (other == id) DueIndex.Remove(due);
        }

        File.Delete(LockOf(id));
        return (-1, -bytes);
    });

    /// <summary>The id of a run: names may be longer than file names, and hold any character.</summary>
    public static string IdOf(RunKey key) => $"{TenantOf(key.Tenant)}{Hash(key.Name)}";

    /// <summary>The prefix of the names of a tenant's files.</summary>
    public static string TenantOf(string? tenant) => Hash(RunKey.MarkOf(tenant))[..16];

    // Hash the code units: an encoding would replace all lone surrogates by the same character.
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, 16));

    public string RowOf(string id) => Path.Combine(_folder, $"{id}.run");

    private string AnswersOf(string id) => Path.Combine(_folder, $"{id}.answers");

    private string LockOf(string id) => Path.Combine(_folder, $"{id}.lock");

    public string JournalOf(string id, Guid journal) => Path.Combine(_folder, $"{id}.{journal:n}.journal");

    /// <summary>The bytes of a journal's file; 0 if there is none.</summary>
    public long SizeOf(string id, Guid journal) => new FileInfo(JournalOf(id, journal)) is { Exists: true, Length: var length } ? length : 0;

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

    /// <summary>The row; null if there is none, or if it is damaged. So a damaged row does not hide the others.</summary>
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

    /// <summary>All runs, the newest change first. Rows are read one by one.</summary>
    public IEnumerable<StoredRun> Rows() => RowsOf("*.run");

    /// <summary>The runs of a tenant, in the same order. The rows of others are not read.</summary>
    public IEnumerable<StoredRun> Rows(string? tenant) => RowsOf($"{TenantOf(tenant)}*.run");

    private IEnumerable<StoredRun> RowsOf(string files) => new DirectoryInfo(_folder).EnumerateFiles(files)
        .OrderByDescending((file) => file.LastWriteTimeUtc).Select((file) => TryFind(Path.GetFileNameWithoutExtension(file.Name))).OfType<StoredRun>();

    /// <summary>The runs by state. A row says Running also while the run waits for another host to continue it.</summary>
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
    public LockedFile? Lock(string id) => TryLock(LockOf(id));

    private static LockedFile? TryLock(string file)
    {
        while (true)
        {
            if (FileLock.TryTake(file) is not { } held) return null;
            // Deleting a run deletes its lock files, and this may still be the deleted one.
            if (!OperatingSystem.IsLinux()) return held;
            if (FileIdentity.Of((int)held.File.DangerousGetHandle())?.Inode == FileIdentity.Of(file)?.Inode) return held;
            held.Dispose();
        }
    }

    /// <summary>Makes the indexes anew, and removes what killed processes left.</summary>
    public void MakeIndexes()
    {
        FreshFile.Sweep(_folder);
        FreshFile.Sweep(_tokens);
        SweepWithoutRow();
        foreach (StoredRun run in Rows())
        {
            string id = IdOf(run.Key);
            StoredRun seen = run;
            // The holder of the run may replace the row meanwhile, so try again.
            for (int attempt = 0; attempt < 5; attempt++)
            {
                NameTokens(id, seen);
                Schedule(id, seen, null);
                if (TryFind(id) is not { } now || now.Changed == seen.Changed) break;
                seen = now;
            }
        }
    }

    /// <summary>Removes the files of runs whose first row was never written, or is removed already.</summary>
    private void SweepWithoutRow()
    {
        foreach (string id in Directory.EnumerateFiles(_folder).Select((file) => Path.GetFileName(file).Split('.')[0]).Distinct())
        {
            if (id.Length != IdCharacters || File.Exists(RowOf(id)) || Lock(id) is not { } held) continue;
            using (held)
            {
                if (File.Exists(RowOf(id))) continue;
                foreach (string file in Directory.EnumerateFiles(_folder, $"{id}.*").Where((file) => file != LockOf(id))) File.Delete(file);
                File.Delete(LockOf(id));
            }
        }
    }

    /// <summary>The id of the run that has a token; null if none has.</summary>
    public string? IdOfToken(string token) => TryRead(TokenOf(token));

    /// <summary>The text of a small file; null if there is none. Other processes remove files at any time.</summary>
    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes a run due at its time.</summary>
    private void Schedule(string id, StoredRun run, DateTimeOffset? was)
    {
        Due.Set(id, run.Due, was);
        // An answer may have come meanwhile, so look for it after the run's own time is set.
        if (HasAnswer(id, run)) Due.Set(id, StoredRun.Always, run.Due);
    }

    /// <summary>Makes the tokens of a run known.</summary>
    private void NameTokens(string id, StoredRun run)
    {
        foreach (StoredWait wait in run.Waits.Where((wait) => wait.Token.Length > 0))
        {
            // A token belongs to the run that had it first, if that run still waits for it.
            string? other = IdOfToken(wait.Token);
            if (other == id || (other is { Length: > 0 } && TryFind(other) is { } first && first.Waits.Any((one) => one.Token == wait.Token))) continue;
            string file = TokenOf(wait.Token);
            FreshFile.Write(file, Encoding.ASCII.GetBytes(id), (fresh) => File.Move(fresh, file, overwrite: true));
        }
    }

    /// <summary>The run with the time at which it is due: at once if an answer came since its row was written.</summary>
    public StoredRun WithDue(StoredRun run) => HasAnswer(IdOf(run.Key), run) ? run with { Due = StoredRun.Always } : run;

    private bool HasAnswer(string id, StoredRun run) => run.Waits.Any((wait) => wait.Token.Length > 0 && File.Exists(AnswerOf(id, wait.Token)));

    public void Save(string id, StoredRun run, StoredRun? before)
    {
        // A wait that a reader sees in the row can be answered at once.
        NameTokens(id, run);
        using (LockedFile? held = before?.Waits.Any((wait) => !run.Has(wait)) == true ? LockAnswers(id) : null)
        {
            Replace(RowOf(id), StoredRunFormat.Write(run), run.Changed);
            if (before is not null) Forget(id, before, [.. run.Waits]);
        }

        Schedule(id, run, before?.Due);
    }

    /// <summary>
    /// Keeps the answer to a wait. False if the wait has an answer already, or is over. The lock excludes a write of the row, so it is certain when this
    /// returns whether the answer counts.
    /// </summary>
    public bool TryAnswer(string id, Guid journal, StoredWait wait, ReadOnlySpan<byte> answer)
    {
        StoredRun now;
        bool isFirst;
        using (LockAnswers(id))
        {
            if (Find(id) is not { } found)
            {
                // The run was removed, and no other process removes this lock.
                File.Delete(AnswersOf(id));
                return false;
            }

            if (found.Journal != journal || !found.Has(wait)) return false;
            (now, isFirst) = (found, TryCreate(AnswerOf(id, wait.Token), answer));
        }

        // Also if there was an answer: its process may have ended before it made the run due.
        Due.Set(id, StoredRun.Always, now.Due);
        return isFirst;
    }

    private LockedFile LockAnswers(string id)
    {
        var wait = new SpinWait();
        for (long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; Environment.TickCount64 < until; wait.SpinOnce())
        {
            if (TryLock(AnswersOf(id)) is { } held) return held;
        }

        throw new IOException($"other answers to the run {id} have been under way for {s_patience.TotalSeconds} s");
    }

    /// <summary>Removes what belongs to the waits that are over.</summary>
    private void Forget(string id, StoredRun run, ImmutableArray<StoredWait> keep)
    {
        foreach (StoredWait wait in run.Waits.Where((wait) => wait.Token.Length > 0 && !keep.Contains(wait)))
        {
            string token = TokenOf(wait.Token);
            if (TryRead(token) == id) File.Delete(token);
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
    /// Replaces a row as a whole. If the machine dies, the row before may come back: then the run continues from there, and its journal, which is synchronized,
    /// says what it did.
    /// </summary>
    private static void Replace(string file, ReadOnlySpan<byte> bytes, DateTimeOffset changed)
    {
        FreshFile.Write(file, bytes, (fresh) =>
        {
            // Lists are in the order of these times.
            File.SetLastWriteTimeUtc(fresh, changed.UtcDateTime);
            File.Move(fresh, file, overwrite: true);
        });
    }

    /// <summary>Creates a file as a whole. False if there is one.</summary>
    public bool TryCreate(string file, ReadOnlySpan<byte> bytes)
    {
        bool isFirst = false;
        // Unlike a rename, a link replaces nothing.
        FreshFile.Write(file, bytes, (fresh) => isFirst = OperatingSystem.IsLinux() ? TryLink(fresh, file) : TryMove(fresh, file));
        if (isFirst) SynchronizeFolder();
        return isFirst;
    }

    [SupportedOSPlatform("linux")]
    private static bool TryLink(string from, string to)
    {
        const int NotFound = 2, Exists = 17;
        if (Libc.link(from, to) == 0) return true;
        // The existing file may be gone again by now, because its wait is over. The link was refused in either case.
        int error = Marshal.GetLastPInvokeError();
        if (error == Exists) return false;
        string why = $"{Path.GetFileName(to)} cannot be created: {Marshal.GetPInvokeErrorMessage(error)}";
        throw error == NotFound ? new FileNotFoundException(why) : new IOException(why);
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
}
