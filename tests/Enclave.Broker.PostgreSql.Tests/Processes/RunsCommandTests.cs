using System.Text.Json;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Processes;

/// <summary><c>enclave run --durable</c> and <c>enclave runs</c> with a database.</summary>
public sealed class RunsCommandTests(PostgresServer server)
{
    [Fact]
    public async Task A_run_waits_in_a_database_and_another_process_goes_on_with_it()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        using var folder = new TemporaryFolder();
        string script = folder.File("wait.js", "console.log('asks'); return 'got ' + await waitFor('word')");
        string[] store = ["--store-file", folder.File("store", database.Broker + "\n")];

        CliResult started = await CliProcess.RunAsync("", ["run", script, "--durable", "word", .. store]);
        Assert.True(started.ExitCode == 6, $"{started.ExitCode} {started.Output} {started.Error}");
        JsonElement shown = JsonDocument.Parse((await CliProcess.RunAsync("", ["runs", "show", "word", "--json", .. store])).Output).RootElement;
        string token = shown.GetProperty("waits")[0].GetProperty("token").GetString()!;
        CliResult answered = await CliProcess.RunAsync("", ["runs", "answer", token, "\"yes\"", .. store]);
        CliResult resumed = await CliProcess.RunAsync("", ["runs", "resume", "word", .. store]);
        CliResult listed = await CliProcess.RunAsync("", ["runs", "list", .. store]), accepted = await CliProcess.RunAsync("", ["runs", "accept", .. store]);
        CliResult elsewhere = await CliProcess.RunAsync("", ["runs", "accept", "--store", folder.Path]);

        Assert.Equal((6, "asks\n", $"word was put aside: c_1 waits for word (token {token})\n"), (started.ExitCode, started.Output, started.Error));
        Assert.Equal((0, "got yes\n", ""), (resumed.ExitCode, resumed.Output, resumed.Error));
        Assert.Equal(0, answered.ExitCode);
        Assert.StartsWith("word\tended OK\t", listed.Output, StringComparison.Ordinal);
        Assert.Equal((0, "0 runs may go on\n"), (accepted.ExitCode, accepted.Error));
        Assert.Equal((2, "enclave: only databases are restored: give --store-file FILE.\n"), (elsewhere.ExitCode, elsewhere.Error));
        // Both processes gave their leases back, so that nobody waited for them.
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.lease"));
    }
}
