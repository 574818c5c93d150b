using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Journals;

/// <summary>Keeps runs in files. Any number of processes may share the folder.</summary>
/// <remarks>
/// <para>Of a run with the id <c>ID</c>, a hash of its tenant and name:</para>
/// <list type="bullet">
/// <item><c>ID.run</c>: its row, replaced as a whole when its state or its waits change;</item>
/// <item><c>ID.JOURNAL.journal</c>: two heads in turn, then its entries. They are written and synchronized before anybody acts on them;</item>
/// <item><c>ID.lock</c>: locked by the process that has the run. The kernel releases it with the process;</item>
/// <item><c>ID.TOKEN.answer</c>: the answer to a wait, created once;</item>
/// <item><c>due/TIME.ID</c> and <c>tokens/TOKEN</c>: indexes. They follow from the rows, and are made anew when the store is opened.</item>
/// </list>
/// </remarks>
internal sealed class FolderRunStore : RunStore
{
    private const int MaxRowBytes = 1 << 20;

    private readonly string _folder, _due, _tokens;
    private readonly Lazy<bool> _indexed;

    public FolderRunStore(string path)
    {
        _folder = Path.GetFullPath(path);
        (_due, _tokens) = (Path.Combine(_folder, "due"), Path.Combine(_folder, "tokens"));
        foreach (string folder in new[] { _folder, _due, _tokens }) CreateFolder(folder);
        _indexed = new Lazy<bool>(MakeIndexes);
    }

    internal override TimeSpan? PollInterval => TimeSpan.FromMilliseconds(500);

    public override ValueTask DisposeAsync() => default;

    internal override ValueTask<IRunLease?> CreateAsync(StoredRun run, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = IdOf(run.Key);
        if (Lock(id) is not { } held) return (IRunLease?)null;
        try
        {
            if (!File.Exists(RowOf(id)))
            {
                var lease = new Lease(this, id, held, run);
                lease.Begin(entries.Span, run);
                return lease;
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }

        held.Dispose();
        return null;
    });

    internal override ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken) => Guarded(() => Find(IdOf(key)));

    internal override ValueTask<IRunLease?> TakeAsync(RunKey key, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = IdOf(key);
        if (!File.Exists(RowOf(id))) throw Unknown(key);
        if (Lock(id) is not { } held) return (IRunLease?)null;
        try
        {
            return new Lease(this, id, held, Find(id) ?? throw Unknown(key));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    });

    internal override ValueTask<(StoredRun Run, ReadOnlyMemory<byte> Entries)?> ReadAsync(RunKey key, long maxBytes, CancellationToken cancellationToken) =>
        Guarded(() =>
        {
            string id = IdOf(key);
            // The run may start over, and replace its journal, between the two.
            for (int attempt = 0; Find(id) is { } run; attempt++)
            {
                try
                {
                    using SafeFileHandle journal = Open(JournalOf(id, run.Journal), FileMode.Open, FileAccess.Read);
                    (ImmutableArray<byte> head, byte[] entries) = JournalFile.Read(journal, maxBytes);
                    return (run with { Head = head, LeastHead = run.Head }, (ReadOnlyMemory<byte>)entries);
                }
                catch (FileNotFoundException) when (attempt < 3)
                {
                }
            }

            return ((StoredRun, ReadOnlyMemory<byte>)?)null;
        });

    internal override ValueTask<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int limit, IReadOnlySet<RunKey> except, CancellationToken cancellationToken) => Guarded(() =>
    {
        _ = _indexed.Value;
        var due = new List<RunKey>();
        foreach ((DateTimeOffset time, string id, string file) in DueFiles())
        {
            if (time > now || due.Count >= limit) break;
            if (!File.Exists(RowOf(id))) File.Delete(file);
            else if (TryFind(id) is { } run && !except.Contains(run.Key)) due.Add(run.Key);
        }

        return (IReadOnlyList<RunKey>)due;
    });

    internal override ValueTask<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) =>
        Guarded(() => DueFiles().Where((due) => due.Time > after).Select((due) => (DateTimeOffset?)due.Time).FirstOrDefault());

    internal override ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken) => Guarded(() =>
    {
        _ = _indexed.Value;
        string file = TokenOf(token);
        return File.Exists(file) && Find(File.ReadAllText(file)) is { } run && run.Waits.Any((wait) => wait.Token == token) ? run : null;
    });

    internal override async ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        bool taken = await Guarded(() =>
        {
            string id = IdOf(run.Key);
            if (Find(id) is not { } now || now.Journal != run.Journal || !now.Waits.Contains(wait)) return false;
            bool isFirst = TryCreate(AnswerOf(id, wait.Token), answer.Span);
            // Also behind a process that ended between the two.
            SetDue(id, DateTimeOffset.UnixEpoch);
            return isFirst;
        }).ConfigureAwait(false);
        if (taken) Wake(run.Key);
        return taken;
    }

    internal override ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken) => Guarded(() =>
        (IReadOnlyList<StoredRun>)[.. Rows().Where(query.Matches).OrderByDescending((run) => run.Changed).Take(query.Limit)]);

    internal override ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken) => Guarded(() =>
    {
        (int Runs, long Bytes) usage = (0, 0);
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles($"{TenantOf(tenant)}*"))
        {
            if (file.Extension == ".run") usage.Runs++;
            usage.Bytes += file.Length;
        }

        return usage;
    });

    internal override ValueTask<bool> DeleteAsync(RunKey key, CancellationToken cancellationToken) => Guarded(() =>
    {
        string id = IdOf(key);
        if (!File.Exists(RowOf(id)) || Lock(id) is not { } held) return false;
        using (held)
        {
            if (Find(id) is not { State: DurableRunState.Ended } run) return false;
            // The row goes first: without it the rest is nobody's.
            File.Delete(RowOf(id));
            Forget(id, run, keep: []);
            File.Delete(JournalOf(id, run.Journal));
            foreach (string file in Directory.EnumerateFiles(_due, $"*.{id}")) File.Delete(file);
            File.Delete(LockOf(id));
        }

        return true;
    });

    /// <summary>The id of a run: names may be longer than file names, and hold any character.</summary>
    private static string IdOf(RunKey key) => $"{TenantOf(key.Tenant)}{Hash(key.Name)}";

    private static string TenantOf(string? tenant) => Hash(tenant is null ? "-" : $"+{tenant}")[..16];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)).AsSpan(0, 16));

    private static JournalException Unknown(RunKey key) => new(JournalFault.NotFound, $"there is no durable run {key.Name}");

    private string RowOf(string id) => Path.Combine(_folder, $"{id}.run");

    private string LockOf(string id) => Path.Combine(_folder, $"{id}.lock");

    private string JournalOf(string id, Guid journal) => Path.Combine(_folder, $"{id}.{journal:n}.journal");

    private string AnswerOf(string id, string token) => Path.Combine(_folder, $"{id}.{Hash(token)}.answer");

    private string TokenOf(string token) => Path.Combine(_tokens, Hash(token));

    /// <exception cref="JournalException">The row is damaged, or another run's.</exception>
    private StoredRun? Find(string id)
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
        return IdOf(run.Key) == id ? run : throw new JournalException(JournalFault.Refused, $"the row {id} is the row of another run");
    }

    /// <summary>The row; null if there is none, or if it is damaged: then the others are still there.</summary>
    private StoredRun? TryFind(string id)
    {
        try
        {
            return Find(id);
        }
        catch (JournalException)
        {
            return null;
        }
    }

    private IEnumerable<StoredRun> Rows() =>
        Directory.EnumerateFiles(_folder, "*.run").Select((file) => TryFind(Path.GetFileNameWithoutExtension(file))).OfType<StoredRun>();

    private static byte[] ReadWhole(string file, long maxBytes)
    {
        using SafeFileHandle handle = Open(file, FileMode.Open, FileAccess.Read);
        long length = RandomAccess.GetLength(handle);
        if (length > maxBytes) throw new JournalException(JournalFault.Refused, $"{Path.GetFileName(file)} has {length} bytes, and {maxBytes} are allowed");
        byte[] bytes = new byte[length];
        return bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0)).ToArray();
    }

    /// <summary>The lock of a run; null if a process has it.</summary>
    private FileStream? Lock(string id)
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

            // Whoever deleted the run deleted the file, and this may still be that file.
            if (!OperatingSystem.IsLinux() || FileIdentity.Of((int)held.SafeFileHandle.DangerousGetHandle())?.Inode == FileIdentity.Of(LockOf(id))?.Inode) return held;
            held.Dispose();
        }
    }

    /// <summary>EWOULDBLOCK of flock(2), and ERROR_SHARING_VIOLATION.</summary>
    private static bool IsLocked(IOException fault) => fault.HResult is 11 or unchecked((int)0x80070020);

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

    private bool MakeIndexes()
    {
        foreach (StoredRun run in Rows()) Index(IdOf(run.Key), run);
        return true;
    }

    /// <summary>Makes the tokens of a run known, and the run due at its time.</summary>
    private void Index(string id, StoredRun run)
    {
        foreach (StoredWait wait in run.Waits.Where((wait) => wait.Token.Length > 0))
        {
            // A token belongs to the run that had it first.
            if (!File.Exists(TokenOf(wait.Token))) File.WriteAllText(TokenOf(wait.Token), id);
        }

        SetDue(id, run.Due);
        // An answer may have come since: it is looked for after the run's own time is set.
        if (run.Waits.Any((wait) => wait.Token.Length > 0 && File.Exists(AnswerOf(id, wait.Token)))) SetDue(id, DateTimeOffset.UnixEpoch);
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
        Replace(RowOf(id), StoredRunFormat.Write(run));
        if (before is not null) Forget(id, before, [.. run.Waits]);
        Index(id, run);
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

    private static SafeFileHandle Open(string file, FileMode mode, FileAccess access = FileAccess.ReadWrite)
    {
        SafeFileHandle handle = File.OpenHandle(file, mode, access, FileShare.ReadWrite | FileShare.Delete);
        if (mode != FileMode.Open && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return handle;
    }

    /// <summary>Replaces a file as a whole.</summary>
    private void Replace(string file, ReadOnlySpan<byte> bytes)
    {
        string fresh = $"{file}.{Guid.NewGuid():n}";
        Write(fresh, bytes);
        File.Move(fresh, file, overwrite: true);
        SynchronizeFolder();
    }

    /// <summary>Creates a file as a whole. False if there is one.</summary>
    private bool TryCreate(string file, ReadOnlySpan<byte> bytes)
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
    private void SynchronizeFolder()
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

    /// <summary>Runs file work on the thread pool: it waits for the disk.</summary>
    private static async ValueTask<T> Guarded<T>(Func<T> work)
    {
        try
        {
            return await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new JournalException(JournalFault.Unavailable, $"the folder of durable runs failed: {fault.Message}", fault);
        }
    }

    private sealed class Lease(FolderRunStore store, string id, FileStream held, StoredRun run) : IRunLease
    {
        private StoredRun _run = run;
        private JournalFile? _journal;

        public StoredRun Run => _run;

        /// <summary>Writes the first entries and the row of a run that begins.</summary>
        public void Begin(ReadOnlySpan<byte> entries, StoredRun begun)
        {
            _journal?.Dispose();
            StoredRun before = _run;
            _journal = JournalFile.Create(Open(store.JournalOf(id, begun.Journal), FileMode.Create));
            _journal.Append(entries, begun.Head);
            _run = begun;
            store.Save(id, begun, before);
            if (before.Journal != begun.Journal) File.Delete(store.JournalOf(id, before.Journal));
        }

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(long maxBytes, CancellationToken cancellationToken) => Guarded(() =>
        {
            (_journal, ImmutableArray<byte> head, byte[] entries) = JournalFile.Open(Open(store.JournalOf(id, _run.Journal), FileMode.Open), maxBytes);
            _run = _run with { Head = head, LeastHead = _run.Head };
            return (ReadOnlyMemory<byte>)entries;
        });

        public async ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run) => await Guarded(() =>
        {
            if (_journal is null) throw new IOException("the journal was not read before it was continued");
            if (!entries.IsEmpty) _journal.Append(entries.Span, run.Head);
            // While it runs, the row only says so: the entries are in their file. Waits need a row, so that an answer finds them.
            bool differs = run.State != _run.State || run.Due != _run.Due || run.Attempts != _run.Attempts || !run.Waits.SequenceEqual(_run.Waits);
            StoredRun before = _run;
            _run = run;
            if (differs) store.Save(id, run, before);
            return true;
        }).ConfigureAwait(false);

        public async ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run) => await Guarded(() =>
        {
            Begin(entries.Span, run);
            return true;
        }).ConfigureAwait(false);

        public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait, long maxBytes) => Guarded(() =>
        {
            string file = store.AnswerOf(id, wait.Token);
            if (wait.Token.Length == 0 || !File.Exists(file)) return (ReadOnlyMemory<byte>?)null;
            return new ReadOnlyMemory<byte>(ReadWhole(file, maxBytes));
        });

        public async ValueTask DisposeAsync()
        {
            _journal?.Dispose();
            await held.DisposeAsync().ConfigureAwait(false);
            store.Wake(_run.Key);
        }
    }
}
