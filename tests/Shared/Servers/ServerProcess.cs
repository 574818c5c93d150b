using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Enclave.Tests.Servers;

/// <summary>A server that a test started, on loopback or on a socket in a folder. It and its children end with the test.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it, and waits until it accepts connections.</summary>
    /// <param name="environment">Variables to add to the environment of the tests.</param>
    public static async Task<ServerProcess> StartAsync(
        string program, IEnumerable<string> arguments, EndPoint address, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Process process = Process.Start(start)!;
        var server = new ServerProcess(process);
        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(s_deadline);
        while (!await AnswersAsync(address))
        {
            if (process.HasExited) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}{await output}");
            if (deadline.IsCancellationRequested)
            {
                server.Dispose();
                // A child that has left the tree may hold the pipes.
                Task<string[]> printed = Task.WhenAll(errors, output);
                await Task.WhenAny(printed, Task.Delay(TimeSpan.FromSeconds(5)));
                string text = printed.IsCompletedSuccessfully ? string.Concat(await printed) : "";
                throw new TimeoutException($"{program} does not listen on {address} after {s_deadline}: {text}");
            }

            await Task.Delay(20);
        }

        return server;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(s_deadline);
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}{await output}");
    }

    /// <summary>Kills it and its children, like a crash.</summary>
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

    private static async Task<bool> AnswersAsync(EndPoint address)
    {
        using var connection = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
