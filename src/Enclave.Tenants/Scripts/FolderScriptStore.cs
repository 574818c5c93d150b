using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enclave.Linux;

namespace Enclave.Tenants.Scripts;

/// <summary>Keeps scripts in files. Any number of processes of one machine may share the folder.</summary>
/// <remarks>
/// A script has an id <c>ID</c>, a hash of its tenant and name. <c>scripts/ID/script.json</c> is its row, replaced as a whole. <c>scripts/ID/3.code</c> is
/// the text of a version, written before the row that names it. The process that changes the script locks <c>scripts/ID/lock</c>.
/// </remarks>
internal sealed class FolderScriptStore(string path) : ScriptStore
{
    private readonly StoreFiles _files = new("saved scripts");
    private readonly string _folder = Path.Combine(Path.GetFullPath(path), "scripts");
    private int _checked;

    internal override Task<SavedScript?> FindAsync(ScriptKey key, CancellationToken cancellationToken) => _files.GuardedAsync(() => Find(key.Id));

    internal override Task<string?> ReadAsync(ScriptKey key, SavedVersion version, CancellationToken cancellationToken) => _files.GuardedAsync(() =>
    {
        if (_files.TryRead(CodeOf(key.Id, version.Number), version.Bytes) is not { } bytes) return null;
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) == version.Sha256) return Encoding.UTF8.GetString(bytes);
        throw new SavedScriptException(SavedScriptFault.Damaged, $"the text of {key.Name}@{version.Number} is not the one that was saved: save it again");
    });

    internal override async Task<SavedScript> ChangeAsync(
        ScriptKey key, string? code, Func<SavedScript?, SavedScript> change, CancellationToken cancellationToken)
    {
        string id = key.Id;
        await _files.GuardedAsync(() => Prepare(id)).ConfigureAwait(false);
        using LockedFile held = await _files.LockAsync(Path.Combine(_folder, id, "lock"), cancellationToken).ConfigureAwait(false);
        return await _files.GuardedAsync(() => Change(id, code, change)).ConfigureAwait(false);
    }

    internal override Task<IReadOnlyList<SavedScript>> ListAsync(CancellationToken cancellationToken) => _files.GuardedAsync<IReadOnlyList<SavedScript>>(() =>
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
        if (code is not null && after.Newest != before?.Newest) StoreFiles.Write(CodeOf(id, after.Newest.Number), Encoding.UTF8.GetBytes(code));
        // The row comes last: a version without its text is never seen.
        if (after != before) StoreFiles.Write(RowOf(id), ScriptRow.Write(after));
        foreach (SavedVersion gone in before?.Versions.Where((version) => after.Find(version.Number) is null) ?? []) File.Delete(CodeOf(id, gone.Number));
        return after;
    }

    private bool Prepare(string id)
    {
        string folder = Path.Combine(_folder, id);
        if (!Directory.Exists(folder) && Directory.Exists(_folder) && Directory.EnumerateDirectories(_folder).Take(MaxScripts).Count() >= MaxScripts)
            throw Full();
        StoreFiles.Create(folder);
        if (Interlocked.Exchange(ref _checked, 1) == 0) FileLock.Check(_folder, FileLock.TryTake, "two processes could save one version twice");
        return true;
    }

    private SavedScript? Find(string id) => _files.TryRead(RowOf(id), ScriptRow.MaxBytes) is { } bytes ? ScriptRow.Read(bytes, id) : null;

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

    private string RowOf(string id) => Path.Combine(_folder, id, "script.json");

    private string CodeOf(string id, int version) => Path.Combine(_folder, id, string.Create(CultureInfo.InvariantCulture, $"{version}.code"));
}
