using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Journals;

/// <summary>Keeps runs in files. Any number of processes may share the folder.</summary>
/// <remarks>
/// <para>Of a run with the id <c>ID</c>, a hash of its tenant and name:</para>
/// <list type="bullet">
/// <item><c>ID.run</c>: its row, replaced as a whole when its state changes;</item>
/// <item><c>ID.JOURNAL.journal</c>: its entries. They are appended and synchronized before anybody acts on them;</item>
/// <item><c>ID.lock</c>: locked by the process that has the run. The kernel releases it with the process;</item>
/// <item><c>ID.TOKEN.answer</c>: the answer to a wait, created once;</item>
/// <item><c>due/TIME.ID</c>: an empty file for each run that becomes due. The rest follows from the row.</item>
/// <item><c>tokens/TOKEN</c>: the id of the run that waits for a token, by the hash of that token.</item>
/// </list>
/// </remarks>
internal sealed class FolderRunStore : RunStore
{
    private readonly string _folder, _due, _tokens;

    public FolderRunStore(string path)
    {
        _folder = Path.GetFullPath(path);
        (_due, _tokens) = (Path.Combine(_folder, "due"), Path.Combine(_folder, "tokens"));
        foreach (string folder in new[] { _folder, _due, _tokens }) CreateFolder(folder);
    }

    internal override TimeSpan? PollInterval => TimeSpan.FromMilliseconds(500);

    public override ValueTask DisposeAsync() => default;

    internal override ValueTask<IRunLease?> CreateAsync(StoredRun run, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = IdOf(run.Key);
        if (Lock(id) is not { } held) return (IRunLease?)null;
        if (File.Exists(RowOf(id)))
        {
            held.Dispose();
            return null;
        }

        var lease = new Lease(this, id, held, run);
        lease.Begin(entries.Span, run);
        return lease;
    });

    internal override ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken) => Guarded(() => Find(IdOf(key)));

    internal override ValueTask<IRunLease?> TakeAsync(RunKey key, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = IdOf(key);
        if (!File.Exists(RowOf(id))) throw new JournalException(JournalFault.NotFound, $"there is no durable run {key.Name}");
        if (Lock(id) is not { } held) return (IRunLease?)null;
        try
        {
            StoredRun run = Find(id) ?? throw new JournalException(JournalFault.NotFound, $"there is no durable run {key.Name}");
            return new Lease(this, id, held, run);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    });

    internal override ValueTask<ReadOnlyMemory<byte>> ReadAsync(StoredRun run, CancellationToken cancellationToken) =>
        Guarded(() => (ReadOnlyMemory<byte>)File.ReadAllBytes(JournalOf(IdOf(run.Key), run.Journal)));

    internal override ValueTask<IReadOnlyList<RunKey>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => Guarded(() =>
    {
        var due = new List<RunKey>();
        foreach ((DateTimeOffset time, string id, string file) in DueFiles())
        {
            if (time > now || due.Count >= limit) break;
            // A run that another process has is taken by nobody else, and one that is gone is not due.
            if (Find(id) is not { } run) File.Delete(file);
            else if (Lock(id) is { } held)
            {
                held.Dispose();
                due.Add(run.Key);
            }
        }

        return (IReadOnlyList<RunKey>)due;
    });

    internal override ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        Guarded(() => DueFiles().Select((due) => (DateTimeOffset?)due.Time).FirstOrDefault());

    internal override ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken) => Guarded(() =>
    {
        string file = TokenOf(token);
        return File.Exists(file) && Find(File.ReadAllText(file)) is { } run && run.Waits.Any((wait) => wait.Token == token) ? run : null;
    });

    internal override async ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        bool taken = await Guarded(() =>
        {
            string id = IdOf(run.Key);
            if (Find(id) is not { } now || now.Journal != run.Journal || now.Waits.All((one) => one.Token != wait.Token)) return false;
            if (!TryCreate(AnswerOf(id, wait.Token), answer.Span)) return false;
            SetDue(id, DateTimeOffset.UnixEpoch);
            return true;
        }).ConfigureAwait(false);
        if (taken) Wake(run.Key);
        return taken;
    }

    internal override ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken) => Guarded(() =>
    {
        IEnumerable<StoredRun> runs = Directory.EnumerateFiles(_folder, "*.run").Select((file) => Find(Path.GetFileNameWithoutExtension(file))).OfType<StoredRun>();
        return (IReadOnlyList<StoredRun>)[.. runs.Where(query.Matches).OrderByDescending((run) => run.Changed).Take(query.Limit)];
    });

    internal override ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken) => Guarded(() =>
    {
        var rows = new DirectoryInfo(_folder).EnumerateFiles($"{TenantOf(tenant)}*");
        (int Runs, long Bytes) usage = (0, 0);
        foreach (FileInfo file in rows)
        {
            if (file.Name.EndsWith(".run", StringComparison.Ordinal)) usage.Runs++;
            usage.Bytes += file.Length;
        }

        return usage;
    });

    internal override ValueTask<bool> DeleteAsync(RunKey key, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = IdOf(key);
        if (Lock(id) is not { } held) return false;
        using (held)
        {
            if (Find(id) is not { State: DurableRunState.Ended } run) return false;
            // The row goes first: without it the rest is nobody's.
            File.Delete(RowOf(id));
            Forget(id, run, keep: []);
            File.Delete(JournalOf(id, run.Journal));
            File.Delete(LockOf(id));
        }

        return true;
    });

    /// <summary>The id of a run: names may be longer than file names, and hold any character.</summary>
    private static string IdOf(RunKey key) => $"{TenantOf(key.Tenant)}{Hash(key.Name)}";

    private static string TenantOf(string? tenant) => Hash(tenant is null ? "-" : $"+{tenant}")[..16];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)).AsSpan(0, 16));

    private string RowOf(string id) => Path.Combine(_folder, $"{id}.run");

    private string LockOf(string id) => Path.Combine(_folder, $"{id}.lock");

    private string JournalOf(string id, Guid journal) => Path.Combine(_folder, $"{id}.{journal:n}.journal");

    private string AnswerOf(string id, string token) => Path.Combine(_folder, $"{id}.{Hash(token)}.answer");

    private string TokenOf(string token) => Path.Combine(_tokens, Hash(token));

    private StoredRun? Find(string id)
    {
        try
        {
            return StoredRunFormat.Read(File.ReadAllBytes(RowOf(id)));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The lock of a run; null if a process has it. The file stays: whoever waits for it must find the same one.</summary>
    private FileStream? Lock(string id)
    {
        try
        {
            return new FileStream(LockOf(id), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            });
        }
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    private IEnumerable<(DateTimeOffset Time, string Id, string File)> DueFiles()
    {
        foreach (string file in Directory.EnumerateFiles(_due).Order(StringComparer.Ordinal))
        {
            string[] parts = Path.GetFileName(file).Split('.');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long time) && time >= 0
                && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            {
                yield return (DateTimeOffset.FromUnixTimeMilliseconds(time), parts[1], file);
            }
        }
    }

    /// <summary>Makes a run due at this time, and at no other.</summary>
    private void SetDue(string id, DateTimeOffset? time)
    {
        string? wanted = time is null ? null : Path.Combine(_due, $"{Math.Max(0, time.Value.ToUnixTimeMilliseconds()):x16}.{id}");
        if (wanted is not null && !File.Exists(wanted)) File.Create(wanted).Dispose();
        foreach (string file in Directory.EnumerateFiles(_due, $"*.{id}"))
        {
            if (file != wanted) File.Delete(file);
        }
    }

    private void Save(string id, StoredRun run, StoredRun? before)
    {
        string file = RowOf(id), fresh = $"{file}.{Guid.NewGuid():n}";
        Write(fresh, StoredRunFormat.Write(run), FileMode.CreateNew);
        File.Move(fresh, file, overwrite: true);
        SynchronizeFolder();
        HashSet<string> open = [.. run.Waits.Select((wait) => wait.Token)];
        if (before is not null) Forget(id, before, open);
        foreach (string token in open.Where((token) => token.Length > 0)) File.WriteAllText(TokenOf(token), id);
        bool hasAnswer = open.Any((token) => token.Length > 0 && File.Exists(AnswerOf(id, token)));
        SetDue(id, hasAnswer ? DateTimeOffset.UnixEpoch : run.Due);
    }

    /// <summary>Removes what belongs to the waits that are over.</summary>
    private void Forget(string id, StoredRun run, HashSet<string> keep)
    {
        foreach (StoredWait wait in run.Waits.Where((wait) => wait.Token.Length > 0 && !keep.Contains(wait.Token)))
        {
            File.Delete(TokenOf(wait.Token));
            File.Delete(AnswerOf(id, wait.Token));
        }
    }

    private static void Write(string file, ReadOnlySpan<byte> bytes, FileMode mode)
    {
        using SafeFileHandle handle = Open(file, mode);
        RandomAccess.Write(handle, bytes, 0);
        RandomAccess.FlushToDisk(handle);
    }

    private static SafeFileHandle Open(string file, FileMode mode)
    {
        SafeFileHandle handle = File.OpenHandle(file, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return handle;
    }

    /// <summary>Creates a file with this content as a whole. False if it exists.</summary>
    private bool TryCreate(string file, ReadOnlySpan<byte> bytes)
    {
        string fresh = $"{file}.{Guid.NewGuid():n}";
        Write(fresh, bytes, FileMode.CreateNew);
        try
        {
            File.Move(fresh, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(fresh);
            return false;
        }

        SynchronizeFolder();
        return true;
    }

    /// <summary>Makes created and renamed files durable.</summary>
    private void SynchronizeFolder()
    {
        using SafeFileHandle folder = File.OpenHandle(_folder, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(folder);
    }

    private static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs file work on the thread pool: it waits for the disk.</summary>
    private static async ValueTask<T> Guarded<T>(Func<T> work)
    {
        try
        {
            return await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalFault.Unavailable, $"the folder of durable runs failed: {fault.Message}", fault);
        }
    }

    private sealed class Lease(FolderRunStore store, string id, FileStream held, StoredRun run) : IRunLease
    {
        private StoredRun _run = run;
        private SafeFileHandle? _journal;
        private long _end;

        public StoredRun Run => _run;

        /// <summary>Writes the first entries and the row of a run that is created.</summary>
        public void Begin(ReadOnlySpan<byte> entries, StoredRun begun)
        {
            string file = store.JournalOf(id, begun.Journal);
            _journal?.Dispose();
            _journal = Open(file, FileMode.Create);
            (_end, StoredRun before) = (0, _run);
            Append(entries);
            _run = begun;
            store.Save(id, begun, before);
            if (before.Journal != begun.Journal) File.Delete(store.JournalOf(id, before.Journal));
        }

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => Guarded(() =>
        {
            _journal ??= Open(store.JournalOf(id, _run.Journal), FileMode.Open);
            // Bytes behind the last whole entry are those of a write that nobody acted on.
            byte[] all = new byte[RandomAccess.GetLength(_journal)];
            int there = RandomAccess.Read(_journal, all, 0), end = 0;
            while (end < there && JournalSeal.LengthOf(all.AsSpan(end, there - end)) is > 0 and int length) end += length;
            if (end < there) RandomAccess.SetLength(_journal, end);
            _end = end;
            return (ReadOnlyMemory<byte>)all.AsMemory(0, end);
        });

        public async ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run)
        {
            await Guarded(() =>
            {
                if (_journal is null) throw new IOException("the journal was not read before it was continued");
                if (!entries.IsEmpty) Append(entries.Span);
                // While it runs, the row only says so: the entries are in their file. Waits need a row, so that an answer finds them.
                bool differs = run.State != _run.State || !run.Waits.SequenceEqual(_run.Waits) || run.State != DurableRunState.Running;
                StoredRun before = _run;
                _run = run;
                if (differs) store.Save(id, run, before);
                return true;
            }).ConfigureAwait(false);
        }

        public async ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run) => await Guarded(() =>
        {
            Begin(entries.Span, run);
            return true;
        }).ConfigureAwait(false);

        public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait) => Guarded(() =>
        {
            string file = store.AnswerOf(id, wait.Token);
            return wait.Token.Length > 0 && File.Exists(file) ? new ReadOnlyMemory<byte>(File.ReadAllBytes(file)) : (ReadOnlyMemory<byte>?)null;
        });

        public async ValueTask DisposeAsync()
        {
            _journal?.Dispose();
            await held.DisposeAsync().ConfigureAwait(false);
            if (File.Exists(store.RowOf(id)) && Directory.EnumerateFiles(store._due, $"*.{id}").Any()) store.Wake(_run.Key);
        }

        private void Append(ReadOnlySpan<byte> entries)
        {
            RandomAccess.Write(_journal!, entries, _end);
            RandomAccess.FlushToDisk(_journal!);
            _end += entries.Length;
        }
    }
}
