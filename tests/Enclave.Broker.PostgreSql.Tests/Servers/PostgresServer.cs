using System.Globalization;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Tests;
using Enclave.Tests.Servers;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Enclave.Broker.PostgreSql.Tests.Servers;

/// <summary>A PostgreSQL on a socket in a folder of its own, with a database for each test that asks for one.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string Owner = "enclave_owner", Broker = "enclave_broker";

    /// <summary>Run by a superuser, as docs/sessions-store.md describes: the schema's owner may not.</summary>
    internal const string LargeObjects = "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC";

    private const string Template = "enclave_template";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-store-");
    private readonly SemaphoreSlim _making = new(1, 1);
    private PostgresProgram? _program;
    private ServerProcess? _server;
    private int _databases;

    public async ValueTask InitializeAsync()
    {
        _program = await PostgresProgram.MakeAsync(_folder, "max_connections=400", "shared_buffers=32MB");
        if (_program is null) return;
        await StartAsync();
        await ExecuteAsync("postgres", "postgres", $"CREATE ROLE {Owner} LOGIN", $"CREATE ROLE {Broker} LOGIN", $"CREATE DATABASE {Template} OWNER {Owner}");
        await ExecuteAsync(Template, "postgres", LargeObjects);
        await PostgreSqlSchema.MigrateAsync(Connection(Template, Owner), Broker);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Creates a database with the schema. Skips the test if PostgreSQL is not installed.</summary>
    internal Task<StoreDatabase> DatabaseAsync() => MakeAsync(Template);

    /// <summary>Creates a database without the schema.</summary>
    internal Task<StoreDatabase> EmptyDatabaseAsync() => MakeAsync("template0");

    /// <summary>The folder of its socket, which goes with it.</summary>
    internal string Folder => _folder.FullName;

    internal string Connection(string database, string user) => $"Host={_folder.FullName};Username={user};Database={database};Timeout=30";

    /// <summary>Kills the server at once: at its next start it recovers as after a crash.</summary>
    internal async Task KillAsync()
    {
        // An immediate shutdown of all its processes: children of a killed server would keep its shared memory.
        string pid = (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "data", "postmaster.pid")))[0];
        await ServerProcess.RunAsync("kill", "-s", "QUIT", pid);
        await Within.Becomes(() => _server!.HasEnded, "the server ended");
    }

    internal async Task StartAsync()
    {
        _server = await _program!.StartAsync();
        // The socket accepts connections a moment before the server does.
        await Within.Becomes(() => Answers(), "the server took connections");
    }

    /// <summary>Starts the killed server as a standby, and promotes it: it has another timeline from then on.</summary>
    internal async Task PromoteAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "data", "standby.signal"), "");
        await StartAsync();
        await ExecuteAsync("postgres", "postgres", "SELECT pg_promote()");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(_folder.FullName, "data", "postmaster.pid"))) await KillAsync();
        _server?.Dispose();
        await Within.Becomes(TryDelete, "the server's folder was gone");
    }

    internal static async Task ExecuteAsync(string connectionString, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (string statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private Task ExecuteAsync(string database, string user, params string[] statements) =>
        ExecuteAsync(Connection(database, user) + ";Pooling=false", statements);

    private async Task<StoreDatabase> MakeAsync(string template)
    {
        Assert.SkipWhen(_server is null, PostgresProgram.Missing);
        string name = string.Create(CultureInfo.InvariantCulture, $"enclave_{Interlocked.Increment(ref _databases)}");
        // A template can be copied by one connection at a time. Files are copied in a fifth of the time that pages take: nothing waits for the disk here.
        await _making.WaitAsync();
        try
        {
            await ExecuteAsync("postgres", "postgres", $"CREATE DATABASE {name} TEMPLATE {template} OWNER {Owner} STRATEGY file_copy");
        }
        finally
        {
            _making.Release();
        }

        return new StoreDatabase(this, name);
    }

    private bool Answers()
    {
        try
        {
            using var connection = new NpgsqlConnection(Connection("postgres", "postgres") + ";Pooling=false");
            connection.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Processes of the server outlive it for a moment.</summary>
    private bool TryDelete()
    {
        try
        {
            _folder.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
