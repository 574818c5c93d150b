using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Isolation;

namespace Enclave.Cli.Run;

/// <summary>The file for a recording. It is created at the start, and deleted if there is nothing to save.</summary>
internal sealed class RecordingTarget : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private bool _saved;

    private RecordingTarget(string path, FileStream file) => (_path, _file) = (path, file);

    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static RecordingTarget Open(string path)
    {
        try
        {
            FileStream file = OutputFile.Open(path, FileAccess.Write, FileShare.Read);
            Empty(file);
            return new RecordingTarget(path, file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--record: {fault.Message}");
        }
    }

    /// <summary>
    /// Empties the file and makes it private: a recording holds all data of the script, and a file of an earlier run may be readable by everybody.
    /// </summary>
    private static void Empty(FileStream file)
    {
        // A pipe or a terminal has no length, and its permissions do not matter.
        if (!file.CanSeek) return;
        file.SetLength(0);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Saves the recording. Returns false if the run was too large to be recorded.</summary>
    public async Task<bool> SaveAsync(ExecutionResult result, Terminal terminal)
    {
        if (result.Recording is not { } recording)
        {
            terminal.Fail($"{_path} was not written: the console, arguments and answers of the run exceed 32 MB of memory");
            return false;
        }

        await recording.SaveAsync(_file, CancellationToken.None).ConfigureAwait(false);
        _saved = true;
        return true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_saved) File.Delete(_path);
    }
}
