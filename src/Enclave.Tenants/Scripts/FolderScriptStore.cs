using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Scripts;

/// <summary>Keeps scripts in files. Any number of processes of one machine may share the folder.</summary>
/// <remarks>
/// Of a script with the id <c>ID</c>, a hash of its tenant and name: <c>scripts/ID/script.json</c> is its row, replaced as a whole; <c>scripts/ID/3.code</c>
/// is the text of a version, written before the row that names it; <c>scripts/ID/lock</c> is locked by the process that changes the script.
/// </remarks>
internal sealed class FolderScriptStore(string path) : ScriptStore
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _folder = Path.Combine(Path.GetFullPath(path), "scripts");
    private int _checked;

    internal override Task<SavedScript?> FindAsync(ScriptKey key, CancellationToken cancellationToken) => Guarded(() => Find(key.Id));

    internal override Task<string?> ReadAsync(ScriptKey key, SavedVersion version, CancellationToken cancellationToken) => Guarded(() =>
    {
        if (TryRead(CodeOf(key.Id, version.Number), version.Bytes) is not { } bytes) return null;
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) == version.Sha256) return Encoding.UTF8.GetString(bytes);
        throw new SavedScriptException(SavedScriptFault.Damaged, $"the text of {key.Name}@{version.Number} is not the one that was saved: save it again");
    });

    internal override async Task<SavedScript> ChangeAsync(
        ScriptKey key, string? code, Func<SavedScript?, SavedScript> change, CancellationToken cancellationToken)
    {
        string id = key.Id;
        await Guarded(() => Prepare(id)).ConfigureAwait(false);
        using LockedFile held = await LockAsync(id, cancellationToken).ConfigureAwait(false);
        return await Guarded(() => Change(id, code, change)).ConfigureAwait(false);
    }

    internal override Task<IReadOnlyList<SavedScript>> ListAsync(CancellationToken cancellationToken) => Guarded<IReadOnlyList<SavedScript>>(() =>
    {
        if (!Directory.Exists(_folder)) return [];
        return
        [
            .. Directory.EnumerateDirectories(_folder).Take(MaxScripts).Select((folder) => TryFind(Path.GetFileName(folder))).OfType<SavedScript>()
                .OrderBy((script) => script.Tenant, StringComparer.Ordinal).ThenBy((script) => script.Name, StringComparer.Ordinal),
        ];
    });

    private SavedScript Change(string id, string? code, Func<SavedScript?, SavedScript> change)
    {
        SavedScript? before = Find(id);
        SavedScript after = change(before);
        if (code is not null && after.Newest != before?.Newest) Write(CodeOf(id, after.Newest.Number), Encoding.UTF8.GetBytes(code));
        // The row comes last: a version without its text is never seen.
        if (after != before) Write(RowOf(id), ScriptRow.Write(after));
        foreach (SavedVersion gone in before?.Versions.Where((version) => after.Find(version.Number) is null) ?? []) File.Delete(CodeOf(id, gone.Number));
        return after;
    }

    private bool Prepare(string id)
    {
        string folder = Path.Combine(_folder, id);
        if (!Directory.Exists(folder) && Directory.Exists(_folder) && Directory.EnumerateDirectories(_folder).Take(MaxScripts).Count() >= MaxScripts)
            throw Full();
        Create(folder);
        if (Interlocked.Exchange(ref _checked, 1) == 0) FileLock.Check(_folder, FileLock.TryTake, "two processes could save one version twice");
        return true;
    }

    private async Task<LockedFile> LockAsync(string id, CancellationToken cancellationToken)
    {
        long began = Environment.TickCount64;
        while (true)
        {
            if (await Guarded(() => FileLock.TryTake(Path.Combine(_folder, id, "lock"))).ConfigureAwait(false) is { } held) return held;
            if (Environment.TickCount64 - began > s_patience.TotalMilliseconds) throw new SavedScriptException(
                SavedScriptFault.Unavailable, $"another process has changed the script for {s_patience.TotalSeconds} s: try again when it has ended");
            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        }
    }

    private SavedScript? Find(string id) => TryRead(RowOf(id), ScriptRow.MaxBytes) is { } bytes ? ScriptRow.Read(bytes, id) : null;

    private SavedScript? TryFind(string id)
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

    /// <summary>A file of at most so many bytes; null if there is none.</summary>
    private static byte[]? TryRead(string file, int maxBytes)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(handle);
            if (length > maxBytes) throw new SavedScriptException(
                SavedScriptFault.Damaged, $"{Path.GetFileName(file)} of a saved script has {length} bytes, and {maxBytes} are allowed");
            byte[] bytes = new byte[length];
            return bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0)).ToArray();
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Write(string file, byte[] bytes) => FreshFile.Write(file, bytes, (fresh) => File.Move(fresh, file, overwrite: true));

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string RowOf(string id) => Path.Combine(_folder, id, "script.json");

    private string CodeOf(string id, int version) => Path.Combine(_folder, id, string.Create(CultureInfo.InvariantCulture, $"{version}.code"));

    /// <summary>Runs file work on the thread pool: it waits for the disk.</summary>
    private static async Task<T> Guarded<T>(Func<T> work)
    {
        try
        {
            return await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SavedScriptException(SavedScriptFault.Unavailable, $"the folder of saved scripts failed: {fault.Message}", fault);
        }
    }
}
