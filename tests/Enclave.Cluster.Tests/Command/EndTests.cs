using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Command;

/// <summary>How a cluster ends, and why it may not start.</summary>
[Collection(OneClusterAtATime.Name)]
public sealed class EndTests
{
    private const int Terminate = 15;

    [Fact]
    public async Task A_signal_ends_everything_and_leaves_nothing()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync("--brokers", "1", "--runtimes", "1", "--tenants", "2", "--keep-days", "3");
        string mark = await cluster.Mark(), folder = Folder(mark), store = cluster.StoreFolder;
        int[] pids = RunningCluster.Marked(mark);
        Assert.True(pids.Length >= 5, $"{pids.Length} processes");
        Assert.Equal(3, await cluster.Stored<int>("SELECT keep_days FROM enclave.setting"));
        Assert.Equal(2, cluster.Ready.GetProperty("tokens").EnumerateObject().Count());
        Assert.Equal("700", (await Shell($"stat -c %a {folder}")).Trim());

        cluster.Process.Signal(Terminate);
        CliResult result = await cluster.Process.EndAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""{"event":"end"}""", result.Lines[^1]);
        Assert.All(pids, (pid) => Assert.False(ProcessTable.Lives(pid)));
        Assert.Empty(RunningCluster.Marked(mark));
        Assert.False(Directory.Exists(folder) || Directory.Exists(store));
        string[] states = [.. result.Lines.Select((line) => JsonElement.Parse(line))
            .Where((line) => line.GetProperty("event").GetString() == "part").Select((line) => $"{line.GetProperty("name")} {line.GetProperty("state")}")];
        Assert.Superset(new HashSet<string> { "broker-1 stopped", "runtime-1 stopped", "postgres stopped", "rabbitmq stopped" }, new HashSet<string>(states));
    }

    /// <summary>The first signal is sent by people or by the system's memory killer.</summary>
    public static TheoryData<string> Kills => TestSize.Full ? ["the command alone", "it and all below it"] : ["the command alone"];

    [Theory]
    [MemberData(nameof(Kills))]
    public async Task Killed_it_takes_everything_along_also_what_stands_still(string killed)
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync("--brokers", "1", "--runtimes", "1");
        string mark = await cluster.Mark(), folder = Folder(mark), store = cluster.StoreFolder;
        foreach (string part in (string[])["postgres", "rabbitmq", "runtime-1"]) await cluster.Do($"/parts/{part}/pause");
        int[] pids = [
            .. RunningCluster.Marked(mark), .. cluster.Ready.GetProperty("parts").EnumerateArray().Select((part) => part.GetProperty("pid").GetInt32())];

        if (killed == "the command alone") CliProcess.Kill(cluster.Process.Pid);
        else await cluster.Process.DisposeAsync();

        await Within.Becomes(() => !pids.Any(ProcessTable.Lives) && RunningCluster.Marked(mark).Length == 0, "no child was left", () =>
            $"{string.Join(' ', pids.Where(ProcessTable.Lives))} lived");
        await Within.Becomes(() => !Directory.Exists(folder) && !Directory.Exists(store), "the folders were gone");
    }

    [Fact]
    public async Task A_person_at_a_terminal_sees_the_parts_and_ends_it_by_a_key()
    {
        Assert.SkipWhen(RunningCluster.Missing is not null, RunningCluster.Missing ?? "");
        await using CliProcess cli = CliProcess.StartOnTerminal("enclave --brokers 1 --runtimes 1 --level standard", ("COLUMNS", "120"));
        cli.Patience = TimeSpan.FromMinutes(3);

        // The terminal keeps typed characters until they are read.
        await cli.WriteAsync("q");
        CliResult result = await cli.EndAsync();

        Assert.Equal(0, result.ExitCode);
        foreach (string shown in (string[])["proxy    http://127.0.0.1:", "broker-1", "runtime-1",
            "tenant-01", "waiting in the queue", "x kill", "broker-1 is stopped", "ended"]) Assert.Contains(shown, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_tools_that_start_children_it_names_their_package()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("", [], CliProcess.WithoutBubblewrap(folder));

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("enclave: a cluster needs programs that are not installed (", result.Error, StringComparison.Ordinal);
        Assert.Matches("apt-get install -y .*util-linux", result.Error);
    }

    [Theory]
    [InlineData("/usr/lib/postgresql", "postgresql")]
    [InlineData("/usr/lib/rabbitmq", "rabbitmq-server")]
    [InlineData("/usr/lib/x86_64-linux-gnu/faketime", "libfaketime")]
    public async Task Without_a_server_it_names_its_package(string folder, string package)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may hide a folder from one process");
        Assert.SkipWhen(RunningCluster.Missing is not null || !RunningCluster.HasClocks, "not all of them are installed");

        CliResult result = await CliProcess.WithoutAsync(folder, "--clocks");

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.EndsWith($": apt-get install -y {package}\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--brokers 0", "1 to 32")]
    [InlineData("--brokers 33", "1 to 32")]
    [InlineData("--runtimes 0", "1 to 32")]
    [InlineData("--tenants 0", "1 to 1000")]
    [InlineData("--tenants 1001", "1 to 1000")]
    [InlineData("--keep-days 0", "1 to 3650")]
    [InlineData("--port 65536", "0 to 65535")]
    [InlineData("--max-sessions 0", "1 to 10000")]
    [InlineData("--level lax", "--level")]
    [InlineData("--tool x", "NAME=COMMAND")]
    [InlineData("--bogus", "--bogus")]
    [InlineData("--port 99999", "--port is \"99999\"; it takes a whole number from 0 to 65535.")]
    public async Task A_wrong_call_is_refused_with_its_remedy(string options, string words)
    {
        CliResult result = await CliProcess.RunAsync([.. options.Split(' ')]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_help_has_examples()
    {
        CliResult result = await CliProcess.RunAsync("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("eng/cluster.sh --brokers 2", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        Assert.SkipWhen(RunningCluster.Missing is not null, RunningCluster.Missing ?? "");
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        await using CliProcess cli = CliProcess.Start(
            ["--brokers", "1", "--runtimes", "1", "--level", "standard", "--json", "--port", $"{((System.Net.IPEndPoint)taken.LocalEndpoint).Port}"]);
        cli.Patience = TimeSpan.FromMinutes(3);

        CliResult result = await cli.EndAsync();

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.Contains("address already in use", result.Error, StringComparison.Ordinal);
    }

    private static async Task<string> Shell(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        return await shell.StandardOutput.ReadToEndAsync();
    }

    private static string Folder(string mark) => Path.Combine(Path.GetTempPath(), mark.Split('=')[1]);
}
