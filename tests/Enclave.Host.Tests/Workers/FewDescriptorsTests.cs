using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>A host whose process may open few files: a run fails with the reason, and the process lives.</summary>
public sealed class FewDescriptorsTests
{
    [Theory]
    [InlineData(84, SecurityLevel.Strict)]
    [InlineData(90, SecurityLevel.Standard)]
    [InlineData(90, SecurityLevel.Strict)]
    [InlineData(100, SecurityLevel.Standard)]
    [InlineData(100, SecurityLevel.Strict)]
    [InlineData(110, SecurityLevel.Strict)]
    [InlineData(120, SecurityLevel.Strict)]
    [InlineData(130, SecurityLevel.Strict)]
    public async Task A_host_with_few_descriptors_answers_and_lives(int descriptors, SecurityLevel level)
    {
        string layers = string.Join(' ', Enum.GetNames<IsolationLayer>());
        using Process host = Process.Start(new ProcessStartInfo(
            "bash", ["-c", $"ulimit -n {descriptors}; exec '{Repository.DotNet}' exec '{Repository.Built("Enclave.TestHost")}' look {level} {layers}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string? line = await Within.Deadline(host.StandardOutput.ReadLineAsync(), "answer");
        host.StandardInput.Close();
        string errors = await Within.Deadline(host.StandardError.ReadToEndAsync(), "end of its errors");
        await Within.Deadline(host.WaitForExitAsync(), "end of the host");

        Assert.True(host.ExitCode == 0, $"{host.ExitCode}: {errors}");
        Assert.True(line!.Contains("\"Value\":42", StringComparison.Ordinal) || line.Contains("too many open files", StringComparison.Ordinal), line);
    }
}
