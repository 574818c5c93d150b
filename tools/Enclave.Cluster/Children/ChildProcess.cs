using System.Diagnostics;
using Enclave.Cli;
using Enclave.Cli.Commands;
using Enclave.Cli.Processes;

namespace Enclave.Cluster.Children;

/// <summary>A child in a session of its own, so that Ctrl-C on a terminal reaches this process alone. The kernel ends it when this process dies, however that happens.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>What the variable of this name says is in the environment of all children and of all that they start: the guard finds them by it.</summary>
    public const string Mark = "ENCLAVE_CLUSTER";

    /// <summary>A child that ended may have left its output to others: it is not waited for longer.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

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

    public Tail Said { get; } = new();

    /// <summary>Completes when it has ended.</summary>
    public Task Ended { get; }

    /// <summary>Once it has ended; 128 and the number for a signal.</summary>
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

        if (child.ExitCode != 0) throw new IOException($"{command.Program} ended with {child.ExitCode}: {await child.LastWordsAsync().ConfigureAwait(false)}");
    }

    public void Send(int signal)
    {
        if (!_process.HasExited) Signals.Send(Pid, signal);
    }

    /// <summary>The end of what it said.</summary>
    public async Task<string> LastWordsAsync()
    {
        await Task.WhenAny(_said, Task.Delay(s_lastWords)).ConfigureAwait(false);
        return Said.ToString();
    }

    public void Dispose() => _process.Dispose();

    private static ProcessStartInfo Start(ChildCommand command, string mark)
    {
        string[] user = command.User is { } name ? [$"--reuid={name}", $"--regid={name}", "--clear-groups"] : [];
        var start = new ProcessStartInfo(ChildEnvironment.Program("setsid"), [ChildEnvironment.Program("setpriv"), .. user, "--pdeathsig", command.DeathSignal, command.Program, .. command.Arguments])
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
