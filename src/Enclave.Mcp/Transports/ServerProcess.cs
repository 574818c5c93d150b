using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Enclave.Mcp.Transports;

/// <summary>
/// A server as a child process, without the secrets of this process's environment. Its error stream is always read, so that the server never blocks on it; the
/// last part is kept for error messages.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptErrorCharacters = 2_000;

    /// <summary>ENOENT.</summary>
    private const int NotFound = 2;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    /// <summary>The time between the end of a program's output and its own.</summary>
    private static readonly TimeSpan s_exit = TimeSpan.FromMilliseconds(500);

    private static readonly HashSet<string> s_usual = new(["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"], StringComparer.Ordinal);

    private readonly Process _process;
    private readonly Task _drained;
    private readonly TimeProvider _clock;
    private readonly StringBuilder _errors = new();

    private ServerProcess(Process process, TimeProvider clock)
    {
        (_process, _clock) = (process, clock);
        _drained = DrainAsync(process.StandardError);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public bool HasEnded => _process.HasExited;

    /// <summary>The last part of its error stream.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <exception cref="McpSourceException">It cannot be started.</exception>
    public static ServerProcess Start(McpCommand command, IEnumerable<KeyValuePair<string, string>> environment, TimeProvider clock)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory ?? "",
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (string variable in start.Environment.Keys.Where((variable) => !s_usual.Contains(variable)).ToArray()) start.Environment.Remove(variable);
        foreach ((string variable, string value) in environment) start.Environment[variable] = value;
        try
        {
            return new ServerProcess(Process.Start(start)!, clock);
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or DirectoryNotFoundException)
        {
            throw new McpSourceException(fault is Win32Exception { NativeErrorCode: NotFound } && command.WorkingDirectory is null
                ? $"its program {command.Program} is not there, or not in PATH"
                : $"its program {command.Program} cannot be started: {fault.Message}");
        }
    }

    /// <summary>The exit code; null if the process still runs.</summary>
    public async Task<int?> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_exit, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.HasExited ? _process.ExitCode : null;
    }

    /// <summary>Kills it and its children at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException)
        {
            // The process has ended by itself.
        }
    }

    /// <summary>Closes its input, which asks it to end. Kills it after two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The server ended before it had read everything.
        }

        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_grace, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Kill();
        await Task.WhenAll(_process.WaitForExitAsync(CancellationToken.None), _drained).WaitAsync(s_grace, _clock)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    private async Task DrainAsync(StreamReader errors)
    {
        char[] buffer = new char[1024];
        try
        {
            while (await errors.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) is > 0 and int read)
            {
                lock (_errors)
                {
                    _errors.Append(buffer, 0, read);
                    if (_errors.Length > KeptErrorCharacters) _errors.Remove(0, _errors.Length - KeptErrorCharacters);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The stream ended with the process.
        }
    }
}
