using System.Globalization;
using Enclave.Journals;
using Enclave.Linux;

namespace Enclave.Recording;

/// <summary>Keeps recordings in files: <c>recordings/TIME.ID</c>, the ID a hash of the run's tenant and name, which begins with that of the tenant.</summary>
internal sealed class FolderRecordingStore(string path) : RecordingStore
{
    private const int TenantCharacters = 16;

    private readonly string _folder = Path.Combine(Path.GetFullPath(path), "recordings");

    internal override async Task KeepAsync(RunKey run, DateTimeOffset time, byte[] part, int maxRuns, long maxBytes) => await FolderRunStore.Guarded(() =>
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_folder);
        else Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        FreshFile.Sweep(_folder);
        string id = RunFolder.IdOf(run);
        string file = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{time.UtcTicks:x16}.{id}"));
        FreshFile.Write(file, part, (fresh) => File.Move(fresh, file, overwrite: true));
        foreach (string earlier in FilesOf(id).Where((earlier) => string.CompareOrdinal(earlier, file) < 0)) File.Delete(earlier);
        (string File, long Bytes)[] kept = [.. new DirectoryInfo(_folder).EnumerateFiles().Where((one) => IsRecording(one.Name))
            .OrderBy((one) => one.Name, StringComparer.Ordinal).Select((one) => (one.FullName, Length(one)))];
        foreach ((string surplus, _) in Surplus(kept, (one) => TenantIn(one.File), (one) => one.Bytes, maxRuns, maxBytes)) File.Delete(surplus);
        return true;
    }).ConfigureAwait(false);

    internal override async Task<byte[]?> ReadAsync(RunKey run, CancellationToken cancellationToken) => await FolderRunStore.Guarded(() =>
    {
        try
        {
            return Directory.Exists(_folder) && FilesOf(RunFolder.IdOf(run)).LastOrDefault() is { } file
                ? RunFolder.ReadWhole(file, MaxRecordingBytes) : null;
        }
        catch (FileNotFoundException)
        {
            // Another process has removed it meanwhile.
            return null;
        }
    }).ConfigureAwait(false);

    /// <summary>The recordings of a run, the newest last.</summary>
    private IEnumerable<string> FilesOf(string id) =>
        Directory.EnumerateFiles(_folder, $"*.{id}").Where((file) => IsRecording(Path.GetFileName(file))).Order(StringComparer.Ordinal);

    private static bool IsRecording(string name) => name.Split('.') is [{ Length: TenantCharacters }, { Length: 48 }];

    private static string TenantIn(string file) => Path.GetExtension(file)[1..(1 + TenantCharacters)];

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
