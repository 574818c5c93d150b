using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Enclave.Tests;

/// <summary>The built command line, as a process.</summary>
internal sealed partial class CliProcess : IAsyncDisposable
{
    /// <summary>The time limit for output and actions; a command that starts servers takes longer.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private bool _disposed;
    private readonly Task<string> _error;

    private CliProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public static string Root { get; } = FindRoot();

    /// <summary>The program of these tests in their own build configuration, or the command line for tests of a library.</summary>
    public static string Assembly { get; } = File.Exists(Path.ChangeExtension(Built(Own), ".runtimeconfig.json")) ? Built(Own) : Built("Enclave.Cli");

    private static string Own => typeof(CliProcess).Assembly.GetName().Name! is var name && name.EndsWith(".Tests", StringComparison.Ordinal)
        ? name[..^".Tests".Length] : "Enclave.Cli";

    /// <summary>For tests of limits at run time: the script is not examined, and its loops are not limited first.</summary>
    public static string[] WithoutGuard { get; } = ["--no-check", "--max-iterations", "1000000000"];

    public int Pid => _process.Id;

    public bool Runs => !_disposed && !_process.HasExited;

    /// <summary>A search path with only .NET: a machine without the tools that a strict level needs.</summary>
    public static (string Name, string Value) WithoutBubblewrap(TemporaryFolder folder)
    {
        File.CreateSymbolicLink(
            Path.Combine(folder.Path, "dotnet"), Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")));
        return ("PATH", folder.Path);
    }

    private static string Built(string program) =>
        Path.Combine(Root, "artifacts", "bin", program, new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name, $"{program}.dll");

    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>Runs a script given on standard input.</summary>
    public static Task<CliResult> RunScriptAsync(string code, params string[] options) => RunAsync(code, ["run", "-", .. options]);

    /// <inheritdoc cref="RunScriptAsync"/>
    public static Task<CliResult> RunUnguardedAsync(string code, params string[] options) => RunScriptAsync(code, [.. options, .. WithoutGuard]);

    public static async Task<CliResult> RunAsync(string input, string[] arguments, params (string Name, string Value)[] environment)
    {
        await using CliProcess cli = Start(arguments, environment);
        await cli.WriteAsync(input);
        cli.EndInput();
        return await cli.EndAsync();
    }

    public static CliProcess Start(string[] arguments, params (string Name, string Value)[] environment) =>
        // A test run in the background ignores SIGINT, and children inherit that.
        StartProgram("env", ["--default-signal=INT", "dotnet", Assembly, .. arguments], environment);

    /// <summary>Starts it from a parent with such signals.</summary>
    /// <param name="signals">An option of env, as <c>--ignore-signal=CHLD</c>.</param>
    /// <param name="arguments">The arguments.</param>
    public static CliProcess StartWithSignals(string signals, params string[] arguments) =>
        StartProgram("env", [signals, "dotnet", Assembly, .. arguments], []);

    /// <summary>Runs the command on a terminal of its own; its output is <see cref="CliResult.Output"/>.</summary>
    public static async Task<CliResult> OnTerminalAsync(string command, params (string Name, string Value)[] environment)
    {
        await using CliProcess cli = StartOnTerminal(command, environment);
        CliResult result = await cli.EndAsync();
        return result with { Output = result.Output.Replace("\r\n", "\n", StringComparison.Ordinal) };
    }

    /// <summary>Runs on a terminal, for tests that type meanwhile.</summary>
    public static CliProcess StartOnTerminal(string command, params (string Name, string Value)[] environment) =>
        StartProgram("script", ["-qec", command.Replace("enclave ", $"dotnet '{Assembly}' ", StringComparison.Ordinal), "/dev/null"], environment);

    /// <summary>Runs it with an empty folder in place of a system folder, visible only to that process. Needs root.</summary>
    public static async Task<CliResult> WithoutAsync(string folder, params string[] arguments)
    {
        await using CliProcess cli = StartProgram(
            "unshare", ["--mount", "/bin/sh", "-c", "mount -t tmpfs none \"$1\"; shift; exec dotnet \"$@\"", "sh", folder, Assembly, .. arguments], []);
        return await cli.EndAsync();
    }

    public async Task WriteAsync(string input)
    {
        try
        {
            await _process.StandardInput.WriteAsync(input);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It ended without reading.
        }
    }

    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // As above.
        }
    }

    /// <summary>The next line of standard output, as soon as it arrives.</summary>
    public async Task<string> NextLineAsync(string awaited)
    {
        string? line = await WithinAsync(_process.StandardOutput.ReadLineAsync(), awaited);
        if (line is null) Assert.Fail($"Standard output ended before {awaited}; standard error was: {await WithinAsync(_error, "the end of standard error")}");
        _output.Append(line).Append('\n');
        return line;
    }

    public void Signal(int number) => Assert.True(TrySignal(number));

    /// <summary>False if the process has ended.</summary>
    public bool TrySignal(int number) => kill(Pid, number) == 0;

    public static void Kill(int pid) => Assert.Equal(0, kill(pid, 9));

    public async Task<CliResult> EndAsync()
    {
        Task<string> rest = _process.StandardOutput.ReadToEndAsync();
        await WithinAsync(_process.WaitForExitAsync().ContinueWith((_) => true, TaskScheduler.Default), "the end of the process");
        _output.Append(await WithinAsync(rest, "the end of standard output"));
        return new CliResult(_process.ExitCode, _output.ToString(), await WithinAsync(_error, "the end of standard error"));
    }

    public ValueTask DisposeAsync()
    {
        if (Runs) _process.Kill(entireProcessTree: true);
        _disposed = true;
        _process.Dispose();
        return default;
    }

    private static CliProcess StartProgram(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("NO_COLOR");
        start.Environment["TERM"] = "xterm-256color";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new CliProcess(Process.Start(start)!);
    }

    private async Task<T> WithinAsync<T>(Task<T> task, string awaited)
    {
        try
        {
            return await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"After {Patience.TotalSeconds} s there was no sign of {awaited}.");
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Enclave.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("Enclave.sln is not above the tests.");
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
