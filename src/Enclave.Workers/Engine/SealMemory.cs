using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Engine;

/// <summary>
/// Remembers the hashes of files by their identity, in memory and in a file that only this user can write. Hashing the engine takes about 90 ms, a start 100.
/// A file that another user could have written is ignored.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SealMemory
{
    private const int MaxLines = 200;

    /// <summary>The third word of each line. Lines without it come from a version that did not check for open writers.</summary>
    private const string Unwritten = "unwritten";

    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly string? _file;

    /// <param name="folder">The folder of the file; null to remember hashes in this process only.</param>
    public SealMemory(string? folder)
    {
        _file = folder is null ? null : Path.Combine(folder, "verified");
        foreach (string[] line in ReadFile().Select((line) => line.Split(' '))) if (line is [_, _, Unwritten]) _hashes[line[0]] = line[1];
    }

    /// <summary>The instance of this process.</summary>
    public static SealMemory Shared { get; } = new(DefaultFolder());

    public string? Recall(FileIdentity identity) => _hashes.GetValueOrDefault(identity.ToString());

    public void Remember(FileIdentity identity, string hash)
    {
        _hashes[identity.ToString()] = hash;
        if (_file is null || OperatingSystem.IsWindows()) return;
        lock (_gate)
        {
            try
            {
                string folder = Path.GetDirectoryName(_file)!;
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                if (FileIdentity.Of(folder) is not { IsOursAlone: true }) return;
                string fresh = $"{_file}.{Environment.ProcessId}";
                var create = new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                };
                using (var writer = new StreamWriter(fresh, create))
                {
                    foreach (string line in ReadFile().TakeLast(MaxLines - 1)) writer.WriteLine(line);
                    writer.WriteLine($"{identity} {hash} {Unwritten}");
                }

                File.Move(fresh, _file, overwrite: true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Without the file, the next process hashes again.
            }
        }
    }

    private string[] ReadFile()
    {
        if (_file is null || FileIdentity.Of(Path.GetDirectoryName(_file)!) is not { IsOursAlone: true } || FileIdentity.Of(_file) is not { IsOursAlone: true })
            return [];
        try
        {
            return File.ReadAllLines(_file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? DefaultFolder()
    {
        if (Environment.IsPrivilegedProcess) return "/var/lib/enclave";
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) && Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home) state = Path.Combine(home, ".local", "state");
        return string.IsNullOrEmpty(state) ? null : Path.Combine(state, "enclave");
    }
}
