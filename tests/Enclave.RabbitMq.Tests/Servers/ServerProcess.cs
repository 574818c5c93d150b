using System.Diagnostics;
using System.Net.Sockets;

namespace Enclave.RabbitMq.Tests.Servers;

/// <summary>A server that a test started, reached by a port of loopback. It and what it started end with the test.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public static async Task<ServerProcess> StartAsync(string program, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        Process process = Process.Start(start)!;
        var server = new ServerProcess(process);
        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await AnswersAsync(port))
        {
            if (process.HasExited) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}{await output}");
            if (deadline.IsCancellationRequested)
            {
                server.Dispose();
                throw new TimeoutException($"{program} does not listen on {port}");
            }

            await Task.Delay(20);
        }

        return server;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    /// <summary>Ends it and its children at once, as a crash would.</summary>
    public void Kill()
    {
        if (_process.HasExited) return;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await connection.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
