using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>A host whose process may open few files: a run fails with the reason, and the process lives.</summary>
public sealed class FewDescriptorsTests
{
    [Theory]
    [InlineData(40, SecurityLevel.Standard)]
    [InlineData(40, SecurityLevel.Strict)]
    [InlineData(60, SecurityLevel.Standard)]
    [InlineData(60, SecurityLevel.Strict)]
    [InlineData(65, SecurityLevel.Strict)]
    [InlineData(70, SecurityLevel.Strict)]
    [InlineData(80, SecurityLevel.Strict)]
    [InlineData(100, SecurityLevel.Strict)]
    public async Task A_host_with_few_free_descriptors_answers_and_lives(int free, SecurityLevel level)
    {
        using Process host = Process.Start(
            new ProcessStartInfo(Repository.DotNet, ["exec", Repository.Built("Enclave.TestHost"), "few", $"{free}", $"{level}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        host.StandardInput.Write("go\n");
        string answer = await Within.Deadline(host.StandardOutput.ReadToEndAsync(), "answer");
        string errors = await Within.Deadline(host.StandardError.ReadToEndAsync(), "end of its errors");
        await Within.Deadline(host.WaitForExitAsync(), "end of the host");

        Assert.True(host.ExitCode == 0, $"{host.ExitCode}: {answer} {errors}");
        Assert.Matches("^go\n(42|.*too many open files.*)\n$", answer);
    }
}
