using System.Diagnostics;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Processes;

/// <summary><c>enclave migrate</c>, as a job of a deployment runs it.</summary>
public sealed class MigrateTests(PostgresServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-migrate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_empty_database_gets_the_schema_once_and_the_brokers_their_rights()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();
        string[] command = ["migrate", "--store-file", File("store", database.Broker), "--store-owner-file", File("owner", database.Owner)];

        (int first, string said, _) = await RunAsync(command);
        (int again, string saidAgain, _) = await RunAsync(command);

        Assert.Equal((0, 0), (first, again));
        Assert.Matches(@"^the schema now has this version: \d+ steps? applied\n$", said);
        Assert.Equal("the schema already has this version\n", saidAgain);
        Assert.True(await database.ScalarAsync<bool>($"SELECT has_table_privilege('{PostgresServer.Broker}', 'enclave.session', 'INSERT')"));
        Assert.False(await database.ScalarAsync<bool>($"SELECT has_table_privilege('{PostgresServer.Broker}', 'enclave.event', 'DELETE')"));
    }

    [Fact]
    public async Task One_role_for_both_is_refused_and_nothing_is_made()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();

        (int code, _, string error) = await RunAsync(
            "migrate", "--store-file", File("store", database.Owner), "--store-owner-file", File("owner", database.Owner));

        Assert.Equal(5, code);
        Assert.Contains("brokers need a role of their own", error, StringComparison.Ordinal);
        Assert.False(await database.ScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'enclave')"));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_without_its_password()
    {
        const string nowhere = "Host=/nowhere;Username=owner;Password=a-secret;Database=none";

        (int code, _, string error) = await RunAsync(
            "migrate", "--store-file", File("store", "Host=/nowhere;Username=broker;Password=a-secret"), "--store-owner-file", File("owner", nowhere));

        Assert.Equal(5, code);
        Assert.Contains("has not changed", error, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-secret without a form", "--store-file does not contain a connection string")]
    [InlineData("Host=db;Password=a-secret", "--store-file names no user")]
    public async Task A_connection_string_that_is_none_is_wrong_usage_and_is_not_repeated(string store, string words)
    {
        (int code, _, string error) = await RunAsync(
            "migrate", "--store-file", File("store", store), "--store-owner-file", File("owner", "Host=db;Username=owner"));

        Assert.Equal(2, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_owner_it_says_what_is_missing()
    {
        (int code, _, string error) = await RunAsync("migrate", "--store-file", File("store", "Host=db;Username=broker"));

        Assert.Equal(2, code);
        Assert.Contains("--store-owner-file FILE, or set ENCLAVE_STORE_OWNER", error, StringComparison.Ordinal);
    }

    private string File(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, content + "\n");
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;
        string command = Path.Combine(Repository.Root, "artifacts", "bin", "Enclave.Cli", configuration, "Enclave.Cli.dll");
        using Process process = Process
            .Start(new ProcessStartInfo("dotnet", [command, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await Within.Deadline(process.WaitForExitAsync(), "end of enclave migrate");
        return (process.ExitCode, await output, await error);
    }
}
