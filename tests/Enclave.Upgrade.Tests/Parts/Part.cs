using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Enclave.Upgrade.Tests;

/// <summary>A broker or a runtime of either build, as a process.</summary>
internal sealed class Part : IAsyncDisposable
{
    public const string Broker = "broker", Runtime = "runtime";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();

    private Part(Process process, Build build) => (_process, Build) = (process, build);

    public Build Build { get; }

    /// <summary>The address that it listens on.</summary>
    public Uri Address { get; private set; } = new("http://nowhere");

    /// <summary>Its log.</summary>
    public string Log => string.Join('\n', _errors);

    public static async Task<Part> Start(Build build, string role, object settings)
    {
        var start = new ProcessStartInfo("dotnet", [PreviousBuild.ProgramOf(build, role), role, JsonSerializer.Serialize(settings)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        var part = new Part(process, build);
        process.ErrorDataReceived += (_, line) => part._errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        string? line = await Patience.For(process.StandardOutput.ReadLineAsync(), () => $"the line that tells where the {role} listens; it wrote: {part.Log}");
        Assert.True(line is not null, $"the {role} of the {build} build did not start: {part.Log}");
        part.Address = new Uri(JsonDocument.Parse(line).RootElement.GetProperty("listening").GetString()!);
        return part;
    }

    /// <summary>Sends SIGTERM, as an operator does.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-s", "TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Sends SIGTERM, and waits until it has ended by itself and without a failure.</summary>
    public async Task Stop()
    {
        Terminate();
        await Ended();
    }

    public async Task Ended()
    {
        await Patience.For(_process.WaitForExitAsync(), () => $"the end of a part of the {Build} build; it wrote: {Log}");
        Assert.True(_process.ExitCode == 0, $"a part of the {Build} build ended with {_process.ExitCode}: {Log}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
