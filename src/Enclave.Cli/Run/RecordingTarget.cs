using Enclave.Cli.Terminals;

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
        // A recording holds all that the script was told: nobody else reads it unasked.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new RecordingTarget(path, new FileStream(path, options));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--record: {fault.Message}");
        }
    }

    /// <summary>False when the run was too large to be recorded.</summary>
    public async Task<bool> SaveAsync(ExecutionResult result, Terminal terminal)
    {
        if (result.Recording is not { } recording)
        {
            terminal.Fail($"{_path} was not written: the run's console, arguments and answers have more than 32 MB");
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
