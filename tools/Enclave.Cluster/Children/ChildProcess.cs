using System.Diagnostics;
using Enclave.Cli;
using Enclave.Cli.Commands;
using Enclave.Cli.Processes;

namespace Enclave.Cluster.Children;

/// <summary>
/// A child in its own session, so that Ctrl-C on a terminal reaches only this process. The kernel ends the child when this process dies for any reason.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>The environment variable that marks all children and their children. The guard finds them by its value.</summary>
    public const string Mark = "ENCLAVE_CLUSTER";

    /// <summary>Time limit for reading a child's output after its end, because a child of its own may still hold it open.</summary>
    private static readonly TimeSpan s_lastOutput = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Task _said;

    private ChildProcess(Process process)
    {
        _process = process;
        process.StandardInput.Close();
        _said = Task.WhenAll(Said.ReadAsync(process.StandardOutput), Said.ReadAsync(process.StandardError));
        Ended = process.WaitForExitAsync();
    }

    public int Pid => _process.Id;

    public OutputTail Said { get; } = new();

    /// <summary>Completes when the child has ended.</summary>
    public Task Ended { get; }

    /// <summary>The exit code after its end; 128 plus the number for a signal.</summary>
    public int ExitCode => _process.ExitCode;

    public static async Task<ChildProcess> StartAsync(ChildCommand command, ClusterFolder folder)
    {
        var child = new ChildProcess(await ChildThread.RunAsync(() => Process.Start(Start(command, folder.Mark))!).ConfigureAwait(false));
        folder.Remember(child.Pid);
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static async Task RunAsync(ChildCommand command, ClusterFolder folder, CancellationToken cancellationToken)
    {
        using ChildProcess child = await StartAsync(command, folder).ConfigureAwait(false);
        try
        {
            await child.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            child.Send(Signals.Kill);
            throw;
        }

        if (child.ExitCode != 0)
            throw new IOException($"{command.Program} exited with code {child.ExitCode}: {await child.ReadLastOutputAsync().ConfigureAwait(false)}");
    }

    public void Send(int signal)
    {
        if (!_process.HasExited) Signals.Send(Pid, signal);
    }

    /// <summary>The end of its output.</summary>
    public async Task<string> ReadLastOutputAsync()
    {
        await Task.WhenAny(_said, Task.Delay(s_lastOutput)).ConfigureAwait(false);
        return Said.ToString();
    }

    public void Dispose() => _process.Dispose();

    private static ProcessStartInfo Start(ChildCommand command, string mark)
    {
        string[] user = command.User is { } name ? [$"--reuid={name}", $"--regid={name}", "--clear-groups"] : [];
        var start = new ProcessStartInfo(ChildEnvironment.Program("setsid"),
            [ChildEnvironment.Program("setpriv"), .. user, "--pdeathsig", command.DeathSignal, command.Program, .. command.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ChildEnvironment.Limit(start, []);
        foreach ((string variable, string value) in command.Environment) start.Environment[variable] = value;
        start.Environment[Mark] = mark;
        return start;
    }
}
