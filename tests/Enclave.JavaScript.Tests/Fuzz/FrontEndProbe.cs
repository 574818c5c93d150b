using System.Diagnostics;

namespace Enclave.Tests;

/// <summary>Runs Enclave.FrontEndProbe, which may crash.</summary>
internal static class FrontEndProbe
{
    // Ends a probe that hangs. It does not measure time.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2);

    private static readonly string s_program = typeof(FrontEndProbe).Assembly.Location.Replace(
        typeof(FrontEndProbe).Assembly.GetName().Name!, "Enclave.FrontEndProbe", StringComparison.Ordinal);

    /// <summary>Its output and exit code; -1 if it stopped printing and was ended.</summary>
    public static Task<(IReadOnlyList<string> Lines, int ExitCode)> RunAsync(params string[] arguments) => RunAsync(arguments, []);

    /// <summary>The same with settings of the runtime.</summary>
    public static async Task<(IReadOnlyList<string> Lines, int ExitCode)> RunAsync(string[] arguments, params (string Name, string Value)[] runtime)
    {
        Assert.True(File.Exists(s_program), $"{s_program} is not built; Enclave.sln builds it");
        var start = new ProcessStartInfo("dotnet", ["exec", s_program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach ((string name, string value) in runtime) start.Environment[name] = value;
        using Process probe = Process.Start(start)!;
        probe.ErrorDataReceived += (_, _) => { };
        probe.BeginErrorReadLine();
        var lines = new List<string>();
        try
        {
            while (await probe.StandardOutput.ReadLineAsync().WaitAsync(s_silence) is { } line) lines.Add(line);
        }
        catch (TimeoutException)
        {
            probe.Kill();
            return (lines, -1);
        }

        await probe.WaitForExitAsync();
        return (lines, probe.ExitCode);
    }
}
