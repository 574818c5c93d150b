using System.Globalization;
using Enclave.Linux;
using Enclave.Tenants.Scripts;

namespace Enclave.Tenants.Schedules;

/// <summary>Keeps schedules in files. Any number of processes of one machine may share the folder.</summary>
/// <remarks>
/// A schedule has an id <c>ID</c>, a hash of its tenant and name. <c>schedules/ID/schedule.json</c> is its row, replaced as a whole. The process that changes
/// it locks <c>schedules/ID/lock</c>. The process that runs a time creates <c>schedules/ID/TIME.claim</c> before the run, and holds its lock until the end is
/// in the row. The kernel releases the lock with the process.
/// </remarks>
internal sealed class FolderScheduleStore(string path) : ScheduleStore
{
    private readonly StoreFiles _files = new("schedules");
    private readonly string _folder = Path.Combine(Path.GetFullPath(path), "schedules");
    private int _checked;

    internal override Task<ScheduleStatus?> FindAsync(ScriptKey key, CancellationToken cancellationToken) => _files.GuardedAsync(() => Find(key.Id));

    internal override async Task<ScheduleStatus?> ChangeAsync(
        ScriptKey key, Func<ScheduleStatus?, FiringClaims, ScheduleStatus?> change, CancellationToken cancellationToken)
    {
        string id = key.Id;
        await _files.GuardedAsync(() => Prepare(id)).ConfigureAwait(false);
        using LockedFile held = await _files.LockAsync(Path.Combine(_folder, id, "lock"), cancellationToken).ConfigureAwait(false);
        return await _files.GuardedAsync(() =>
        {
            ScheduleStatus? before = Find(id), after = change(before, new Claims(Path.Combine(_folder, id)));
            if (after is null) File.Delete(RowOf(id));
            else if (after != before) StoreFiles.Write(RowOf(id), ScheduleRow.Write(after));
            return after;
        }).ConfigureAwait(false);
    }

    internal override Task<IReadOnlyList<ScheduleStatus>> ListAsync(CancellationToken cancellationToken) => _files.GuardedAsync(() =>
        InOrder(Ids().Take(MaxSchedules).Select(TryFind).OfType<ScheduleStatus>()));

    /// <summary>Folders of removed schedules stay, without a row.</summary>
    private IEnumerable<string> Ids() => Directory.Exists(_folder)
        ? Directory.EnumerateDirectories(_folder).Select((folder) => Path.GetFileName(folder)).Where((id) => File.Exists(RowOf(id)))
        : [];

    private bool Prepare(string id)
    {
        string folder = Path.Combine(_folder, id);
        if (!File.Exists(RowOf(id)) && Ids().Take(MaxSchedules).Count() >= MaxSchedules) throw Full();
        StoreFiles.Create(folder);
        if (Interlocked.Exchange(ref _checked, 1) == 0) FileLock.Check(_folder, FileLock.TryTake, "two hosts could run one time of a schedule");
        return true;
    }

    private ScheduleStatus? Find(string id) => _files.TryRead(RowOf(id), ScheduleRow.MaxBytes) is { } bytes ? ScheduleRow.Read(bytes, id) : null;

    private ScheduleStatus? TryFind(string id)
    {
        try
        {
            return Find(id);
        }
        catch (SavedScriptException)
        {
            return null;
        }
    }

    private string RowOf(string id) => Path.Combine(_folder, id, "schedule.json");

    private sealed class Claims(string folder) : FiringClaims
    {
        public override IDisposable? TryTake(DateTimeOffset time)
        {
            string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{time.UtcTicks:x16}.claim"));
            while (true)
            {
                if (FileLock.TryTake(file) is not { } held) return null;
                // The end of a run deletes the file of its claim. The locked file may be the deleted one, and then another process could lock a new file.
                if (!OperatingSystem.IsLinux() || FileIdentity.Of((int)held.File.DangerousGetHandle())?.Inode == FileIdentity.Of(file)?.Inode)
                    return new Claim(file, held);
                held.Dispose();
            }
        }
    }

    private sealed class Claim(string file, LockedFile held) : IDisposable
    {
        public void Dispose()
        {
            File.Delete(file);
            held.Dispose();
        }
    }
}
