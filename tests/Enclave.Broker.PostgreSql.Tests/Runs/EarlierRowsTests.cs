using System.Diagnostics;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Host.Tests.Durable;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Runs;

/// <summary>Rows of runs that earlier builds put aside, restored into a database of today.</summary>
public sealed class EarlierRowsTests(PostgresServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-earlier-").FullName;

    public static IEnumerable<TheoryDataRow<string>> Kept => EarlierRuns.Kept;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task Runs_that_an_earlier_build_put_aside_wake_once_they_are_accepted(string kept)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await EarlierRuns.UnpackAsync(kept, _folder);
        await using StoreDatabase database = await server.DatabaseAsync();
        await database.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(_folder, "sealed.sql"), token));
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database.Broker);
        await using var store = new PostgreSqlRunStore(source);

        await using (var host = new EnclaveHost(new EnclaveOptions { Durable = new DurableOptions { Store = store, Wakes = false } }))
            Assert.Equal(10, await host.Runs.AcceptRestoreAsync(cancellationToken: token));

        await new EarlierRuns().WakeAsync(store, [EarlierRuns.Key], token);
    }

    /// <summary>For eng/keep-runs.sh: writes the rows of runs that this build puts aside.</summary>
    [Fact(Explicit = true)]
    public async Task Rows_are_written_for_later_builds()
    {
        string file = Environment.GetEnvironmentVariable("ENCLAVE_KEEP_RUNS")!;
        await using StoreDatabase database = await server.DatabaseAsync();
        using var host = Process.Start(
            Repository.DotNet, ["exec", Repository.Built("Enclave.TestHost"), "sleep", database.Broker, Convert.ToHexString(EarlierRuns.Key)]);
        await host.WaitForExitAsync(TestContext.Current.CancellationToken);

        using var dump = Process.Start("pg_dump",
            ["--host", server.Folder, "--username", "postgres", "--data-only", "--column-inserts", "--table", "enclave.run*", "--file", file, database.Name]);
        await dump.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, dump.ExitCode);
    }
}
