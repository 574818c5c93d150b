using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Enclave.Cli.Commands;
using Enclave.Cli.Processes;
using Enclave.Isolation;

namespace Enclave.Cli.Tools;

/// <summary>One command and all its child processes: a process group that is killed as a whole.</summary>
internal sealed partial class ToolProcess : IDisposable
{
    /// <summary>The largest message between host and worker: a longer answer could not be sent.</summary>
    private const int MaxCharacters = 64 << 20;

    private const int ComplaintCharacters = 4096;
    private const int KillSignal = 9;

    // A reader in the group kills the group when the other end of the life line is closed. So even a killed process leaves no commands behind.
    private const string Guarded = "(read -r _ <\"$1\"; kill -KILL 0) >/dev/null 2>&1 & exec /bin/sh -c \"$2\"";

    private readonly Process _process;
    private readonly Action<ToolProcess> _ended;

    /// <param name="command">The command.</param>
    /// <param name="variables">Its variables beside the usual ones.</param>
    /// <param name="lifeline">The path of a pipe whose writing end this process holds.</param>
    /// <param name="ended">Called at the end.</param>
    /// <exception cref="System.IO.FileNotFoundException"><c>setsid</c> is not installed, or other users may write it.</exception>
    public ToolProcess(string command, IEnumerable<string> variables, string lifeline, Action<ToolProcess> ended)
    {
        _ended = ended;
        // setsid makes the shell the leader of a new group before it runs anything, so that one signal reaches all processes.
        var start = new ProcessStartInfo(s_setsid.Value, ["/bin/sh", "-c", Guarded, "sh", lifeline, command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = s_utf8,
            StandardOutputEncoding = s_utf8,
            StandardErrorEncoding = s_utf8,
        };
        ChildEnvironment.Limit(start, variables);
        _process = Process.Start(start)!;
    }

    private static readonly Lazy<string> s_setsid = new(static () => SystemPrograms.Need("setsid"));

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the command's input, and waits for its output and its end.</summary>
    public async Task<ToolOutput> RunAsync(string input)
    {
        Task writing = WriteAsync(input);
        Task<string> complaint = ReadAsync(_process.StandardError, ComplaintCharacters, keepReading: true);
        string text = await ReadAsync(_process.StandardOutput, MaxCharacters, keepReading: false).ConfigureAwait(false);
        string said = await complaint.ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return new ToolOutput(_process.ExitCode, text, said);
    }

    /// <summary>Kills the whole group.</summary>
    public void Kill()
    {
        // Before setsid has run there is no group yet, but only one process.
        if (kill(-_process.Id, KillSignal) != 0 && !_process.HasExited) _ = kill(_process.Id, KillSignal);
    }

    public void Dispose()
    {
        // Background processes end with the call.
        Kill();
        _ended(this);
        _process.Dispose();
    }

    private async Task WriteAsync(string input)
    {
        try
        {
            await _process.StandardInput.WriteAsync(input).ConfigureAwait(false);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command does not read its arguments, which many do not need.
        }
    }

    private async Task<string> ReadAsync(StreamReader reader, int limit, bool keepReading)
    {
        var text = new StringBuilder();
        char[] buffer = new char[16 * 1024];
        while (true)
        {
            int count = await reader.ReadAsync(buffer).ConfigureAwait(false);
            if (count == 0) return text.ToString();
            int room = Math.Min(count, limit - text.Length);
            text.Append(buffer, 0, room);
            if (room == count || keepReading) continue;
            Kill();
            throw new ToolException($"the command printed more than {limit} characters") { Name = "RangeError" };
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
