using System.Diagnostics;
using System.Security.Cryptography;
using Enclave.Tests;

namespace Enclave.Samples.Tests;

/// <summary>A refund that waits while its application is deployed anew: every step is a process, and time passes by its clock.</summary>
public sealed class TwoDayApprovalTests : IDisposable
{
    private const string Sample = "Enclave.Samples.TwoDayApproval";

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-refunds-").FullName;
    private readonly string _key = RandomNumberGenerator.GetHexString(64);

    private string Payments => Path.Combine(_folder, "store", "payments.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_decision_after_two_days_reaches_a_run_whose_build_is_gone()
    {
        Deploy("v1");
        string started = await RunAsync("v1", "0", "refund", "7", "250"), late = await RunAsync("v1", "0", "refund", "8", "300");
        Assert.Equal("refund-9: paid by v1", await RunAsync("v1", "0", "refund", "9", "50"));
        Deploy("v2");
        Directory.Delete(Path.Combine(_folder, "v1"), recursive: true);

        // 47 hours later nothing is due: neither was decided.
        Assert.Equal("", await RunAsync("v2", "1.23:00:00", "work"));
        string token = started.Split(' ')[^1];
        await RunAsync("v2", "1.23:30:00", "decide", token, "yes");
        string worked = await RunAsync("v2", "1.23:31:00", "work"), again = await RunAsync("v2", "1.23:32:00", "work");
        string over = await RunAsync("v2", "2.00:01:00", "work");

        Assert.StartsWith("refund-7 waits, token ", started, StringComparison.Ordinal);
        Assert.Equal(("refund-7: paid by v2", ""), (worked, again));
        Assert.Equal("refund-8: nobody decided within two days", over);
        Assert.StartsWith("refund-8 waits, token ", late, StringComparison.Ordinal);
        Assert.Equal(["order 9: 50, paid by v1", "order 7: 250, paid by v2"], File.ReadAllLines(Payments).Select((line) => line.Split(", key ")[0]));
    }

    /// <summary>Copies the built sample, as a deployment does.</summary>
    private void Deploy(string version)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var built = new DirectoryInfo(Path.Combine(own.Parent!.Parent!.FullName, Sample, own.Name));
        foreach (FileInfo file in built.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(_folder, version, Path.GetRelativePath(built.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            file.CopyTo(target);
        }
    }

    private async Task<string> RunAsync(string version, string ahead, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_folder, version, $"{Sample}.dll"), .. arguments]) { RedirectStandardOutput = true };
        start.Environment["REFUND_STORE"] = Path.Combine(_folder, "store");
        start.Environment["REFUND_KEY"] = _key;
        start.Environment["REFUND_AHEAD"] = ahead;
        start.Environment["ENCLAVE_ENGINE"] = Path.Combine(Repository.Root, "artifacts", "engine");
        using Process process = Process.Start(start)!;
        string output = await Within.Deadline(process.StandardOutput.ReadToEndAsync(), "end of the sample");
        await Within.Deadline(process.WaitForExitAsync(), "end of the sample");
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd();
    }
}
