using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Enclave.Broker.PostgreSql;
using Enclave.Cli;
using Enclave.Cli.Commands;
using Enclave.Cluster.Children;
using Npgsql;

namespace Enclave.Cluster.Servers;

/// <summary>
/// PostgreSQL on a socket in a folder of its own, with the two roles of
/// docs/sessions-store.md. It refuses to run as root; then it runs as <c>postgres</c>.
/// </summary>
internal sealed class Postgres(InstalledServers installed, ClusterFolder folder) : IPartProgram
{
    public const string Owner = "enclave_owner", Broker = "enclave_broker", Database = "enclave";

    private const string Admin = "postgres";

    /// <summary>The name of the socket in its folder.</summary>
    private const string SocketName = ".s.PGSQL.5432";

    /// <summary>A password for each role, so that a broker's password does not work for the owner.</summary>
    private readonly Dictionary<string, string> _passwords = new[] { Admin, Owner, Broker }
        .ToDictionary((role) => role, (_) => Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    public string Name => "postgres";

    public PartKind Kind => PartKind.Postgres;

    public Uri? Address => null;

    public EndPoint Socket => new UnixDomainSocketEndPoint(Path.Combine(folder.Database, SocketName));

    /// <summary>The server without syncing: its data survives a crash of the server, but not of the machine.</summary>
    public ChildCommand Command => Program(
        "postgres", "-D", Data, "-k", folder.Database, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=400", "-c", "shared_buffers=32MB");

    /// <summary>SIGINT, because SIGTERM would wait for the brokers to disconnect.</summary>
    public int StopSignal => Signals.Interrupt;

    private static string? User => Environment.IsPrivilegedProcess ? "postgres" : null;

    private string Data => Path.Combine(folder.Database, "data");

    /// <summary>The whole process tree: pausing only the first process would only prevent new connections.</summary>
    public IReadOnlyList<int> Processes(int pid) => Signals.Tree(pid);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(Connection(Admin, Admin), cancellationToken, "SELECT 1").ConfigureAwait(false);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Creates the files of a new server.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        string secret = Path.Combine(folder.Database, "password");
        await File.WriteAllTextAsync(secret, _passwords[Admin], cancellationToken).ConfigureAwait(false);
        // The folder is private to its user.
        if (User is { } user)
            await ChildProcess.RunAsync(new ChildCommand("chown", ["-R", user, folder.Database]), folder, cancellationToken).ConfigureAwait(false);
        await ChildProcess.RunAsync(Program("initdb", "-D", Data, "-U",
            Admin, "-A", "scram-sha-256", $"--pwfile={secret}", "--no-sync", "-E", "UTF8", "--locale=C"), folder, cancellationToken).ConfigureAwait(false);
        File.Delete(secret);
    }

    /// <summary>Creates the roles and the schema in the running server.</summary>
    /// <param name="keepDays">Days to keep sessions; null for the schema's default.</param>
    public async Task MigrateAsync(int? keepDays, CancellationToken cancellationToken)
    {
        await ExecuteAsync(Connection(Admin, Admin), cancellationToken,
            $"CREATE ROLE {Owner} LOGIN PASSWORD '{_passwords[Owner]}'",
            $"CREATE ROLE {Broker} LOGIN PASSWORD '{_passwords[Broker]}'", $"CREATE DATABASE {Database} OWNER {Owner}").ConfigureAwait(false);
        await ExecuteAsync(Connection(Admin, Database), cancellationToken,
            "REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC").ConfigureAwait(false);
        string owner = Connection(Owner, Database);
        await PostgreSqlSchema.MigrateAsync(owner, Broker, cancellationToken).ConfigureAwait(false);
        if (keepDays is { } days) await ExecuteAsync(
            owner, cancellationToken, string.Create(CultureInfo.InvariantCulture, $"UPDATE enclave.setting SET keep_days = {days}")).ConfigureAwait(false);
    }

    /// <summary>Connects over its socket.</summary>
    public string Connection(string user, string database = Database) =>
        $"Host={folder.Database};Username={user};Password={_passwords[user]};Database={database};Timeout=15;Pooling=false";

    /// <summary>Connects through a link.</summary>
    public string Connection(string user, IPEndPoint link) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host={link.Address};Port={link.Port};Username={user};SSL Mode=Disable;Password={_passwords[user]};Database={Database}");

    /// <summary>A program of PostgreSQL. On SIGQUIT the server ends its own processes and frees their shared memory.</summary>
    private ChildCommand Program(string name, params string[] arguments) =>
        new(Path.Combine(installed.PostgresFolder, name), arguments) { User = User, DeathSignal = "QUIT" };

    private static async Task ExecuteAsync(string connectionString, CancellationToken cancellationToken, params string[] statements)
    {
        var connection = new NpgsqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            foreach (string statement in statements)
            {
#pragma warning disable CA2100 // None of it comes from outside.
                var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
                await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
