using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Host.Tests.Hosting;

/// <summary>A program loads only the assemblies of the library whose parts it uses (Enclave.TestHost/LoadedAssemblies.cs).</summary>
public sealed class LoadedAssemblyTests
{
    private static readonly string[] s_base =
        ["Enclave.Guard", "Enclave.Host", "Enclave.JavaScript", "Enclave.Protocol", "Enclave.Schemas", "Enclave.TestHost", "Enclave.Workers"];

    [Theory]
    [InlineData("tool")]
    [InlineData("text", "Enclave.Models")]
    [InlineData("durable", "Enclave.Durable")]
    public async Task A_program_loads_what_it_uses(string use, params string[] more) =>
        Assert.Equal(s_base.Concat(more).Order(StringComparer.Ordinal), await LoadedAsync(use));

    private static async Task<string[]> LoadedAsync(string use)
    {
        using Process host = Process.Start(
            new ProcessStartInfo(Repository.DotNet, ["exec", Repository.Built("Enclave.TestHost"), "loaded", use]) { RedirectStandardOutput = true })!;
        string? line = await Within.Deadline(host.StandardOutput.ReadLineAsync(), "the assemblies of a program");
        await Within.Deadline(host.WaitForExitAsync(), "end of the program");
        return Assert.IsType<string>(line).Split(' ');
    }
}
