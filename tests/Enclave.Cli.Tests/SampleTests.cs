using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>Runs the samples by the command in their header.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Installed_packages_runs_as_its_header_says()
    {
        string sample = Path.Combine(CliProcess.Root, "samples", "installed-packages.js");
        string header = File.ReadLines(sample).Single((line) => line.Contains("./enclave run", StringComparison.Ordinal));
        // The command in the header would first set up a checkout; here it is already built.
        using var folder = new TemporaryFolder();
        string command = header.TrimStart('/', ' ').Replace("./enclave", $"dotnet '{CliProcess.Assembly}'", StringComparison.Ordinal);
        string shell = folder.File("run.sh", $"cd '{CliProcess.Root}' && {command} --json\n");

        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", [shell]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        JsonElement[] rows = [.. JsonDocument.Parse(output).RootElement.GetProperty("value").EnumerateArray()];
        Assert.InRange(rows.Length, 1, 10);
        double[] sizes = [.. rows.Select((row) => row.GetProperty("megabytes").GetDouble())];
        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.All(rows, (row) => Assert.True(row.GetProperty("packages").GetInt32() > 0));
    }
}
