using Enclave.Journals;
using Enclave.Linux;

namespace Enclave.Recording;

/// <summary>Keeps recordings in files: <c>recordings/NAME</c> (<see cref="RecordingName"/>).</summary>
internal sealed class FolderRecordingStore(string path) : RecordingStore
{
    private readonly string _folder = Path.Combine(Path.GetFullPath(path), "recordings");

    internal override async Task KeepAsync(RunKey run, string? script, DateTimeOffset time, byte[] part, int maxRuns, long maxBytes) =>
        await FolderRunStore.Guarded(() =>
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_folder);
            else Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            FreshFile.Sweep(_folder);
            RecordingName name = RecordingName.Of(run, script, time);
            string file = PathOf(name);
            FreshFile.Write(file, part, (fresh) => File.Move(fresh, file, overwrite: true));
            foreach (RecordingName earlier in FilesOf(name.Id).Where((earlier) => string.CompareOrdinal(earlier.Time, name.Time) < 0))
                File.Delete(PathOf(earlier));
            (RecordingName Name, long Bytes)[] kept = [.. new DirectoryInfo(_folder).EnumerateFiles()
                .Select((one) => RecordingName.TryRead(one.Name, out RecordingName? read) ? (Name: read, Bytes: Length(one)) : default)
                .Where((one) => one.Name is not null)
                .OrderBy((one) => one.Name.Time, StringComparer.Ordinal).ThenBy((one) => one.Name.Id, StringComparer.Ordinal)];
            foreach ((RecordingName surplus, _) in Surplus(kept, (one) => one.Name.Tenant, (one) => one.Bytes, maxRuns, maxBytes)) File.Delete(PathOf(surplus));
            return true;
        }).ConfigureAwait(false);

    internal override async Task<byte[]?> ReadAsync(RunKey run, CancellationToken cancellationToken) => await FolderRunStore.Guarded(() =>
    {
        try
        {
            return Directory.Exists(_folder) && FilesOf(RunFolder.IdOf(run)).LastOrDefault() is { } name
                ? RunFolder.ReadWhole(PathOf(name), MaxRecordingBytes) : null;
        }
        catch (FileNotFoundException)
        {
            // Another process has removed it meanwhile.
            return null;
        }
    }).ConfigureAwait(false);

    internal override async Task<IReadOnlyList<RunKey>> FindAsync(string? tenant, string script, int most, CancellationToken cancellationToken) =>
        await FolderRunStore.Guarded<IReadOnlyList<RunKey>>(() =>
        {
            if (!Directory.Exists(_folder)) return [];
            string hash = RecordingName.HashOf(script);
            return
            [
                .. Names($"*.{RunFolder.TenantOf(tenant)}*.{hash}").Where((name) => name.Script == hash)
                    .OrderByDescending((name) => name.Time, StringComparer.Ordinal).Select((name) => new RunKey(tenant, name.Run!)).Distinct().Take(most),
            ];
        }).ConfigureAwait(false);

    /// <summary>The recordings of a run, the newest last.</summary>
    private IEnumerable<RecordingName> FilesOf(string id) =>
        Names($"*.{id}*").Where((name) => name.Id == id).OrderBy((name) => name.Time, StringComparer.Ordinal);

    private IEnumerable<RecordingName> Names(string pattern)
    {
        foreach (string file in Directory.EnumerateFiles(_folder, pattern))
        {
            if (RecordingName.TryRead(Path.GetFileName(file), out RecordingName? name)) yield return name;
        }
    }

    private string PathOf(RecordingName name) => Path.Combine(_folder, name.ToString());

    /// <summary>The bytes of a file; 0 if another process has removed it.</summary>
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
