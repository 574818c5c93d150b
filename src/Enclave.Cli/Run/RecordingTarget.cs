using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Isolation;

namespace Enclave.Cli.Run;

/// <summary>The file that a recording goes to. It is there from the start, and gone again if there was nothing to save.</summary>
internal sealed class RecordingTarget : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private bool _saved;

    private RecordingTarget(string path, FileStream file) => (_path, _file) = (path, file);

    /// <exception cref="UsageException">It cannot be written.</exception>
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
    /// A recording holds all that the script was told: nobody else reads it unasked, also where a file of an earlier run was open to everybody.
    /// </summary>
    private static void Empty(FileStream file)
    {
        // A pipe or a terminal has neither a length nor an owner that counts.
        if (!file.CanSeek) return;
        file.SetLength(0);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>False when the run was too large to be recorded.</summary>
    public async Task<bool> SaveAsync(ExecutionResult result, Terminal terminal)
    {
        if (result.Recording is not { } recording)
        {
            terminal.Fail($"{_path} was not written: the run's console, arguments and answers take more than 32 MB of memory");
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
