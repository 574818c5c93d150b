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

/// <summary>PostgreSQL on a socket in a folder of its own, with the two roles that docs/sessions-store.md names. It refuses to run as root: then it is the user <c>postgres</c>.</summary>
internal sealed class Postgres(InstalledServers installed, ClusterFolder folder) : IPartProgram
{
    public const string Owner = "enclave_owner", Broker = "enclave_broker", Database = "enclave";

    private const string Admin = "postgres";

    /// <summary>Where in its folder its socket is.</summary>
    private const string SocketName = ".s.PGSQL.5432";

    /// <summary>One of its own for each role: a broker's opens nothing as the owner.</summary>
    private readonly Dictionary<string, string> _passwords = new[] { Admin, Owner, Broker }.ToDictionary((role) => role, (_) => Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    public string Name => "postgres";

    public PartKind Kind => PartKind.Postgres;

    public Uri? Address => null;

    public EndPoint Socket => new UnixDomainSocketEndPoint(Path.Combine(folder.Database, SocketName));

    /// <summary>It syncs nothing: what it has survives its own death and not the machine's.</summary>
    public ChildCommand Command => Program("postgres", "-D", Data, "-k", folder.Database, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=400", "-c", "shared_buffers=32MB");

    /// <summary>SIGTERM would wait for the brokers to leave, and they do not.</summary>
    public int StopSignal => Signals.Interrupt;

    private static string? User => Environment.IsPrivilegedProcess ? "postgres" : null;

    private string Data => Path.Combine(folder.Database, "data");

    /// <summary>Its one process would only take no new connections.</summary>
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

    /// <summary>Makes the files of a new server.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        string secret = Path.Combine(folder.Database, "password");
        await File.WriteAllTextAsync(secret, _passwords[Admin], cancellationToken).ConfigureAwait(false);
        // The folder is closed to everybody else.
        if (User is { } user) await ChildProcess.RunAsync(new ChildCommand("chown", ["-R", user, folder.Database]), folder, cancellationToken).ConfigureAwait(false);
        await ChildProcess.RunAsync(Program("initdb", "-D", Data, "-U", Admin, "-A", "scram-sha-256", $"--pwfile={secret}", "--no-sync", "-E", "UTF8", "--locale=C"), folder, cancellationToken).ConfigureAwait(false);
        File.Delete(secret);
    }

    /// <summary>Makes the roles and the schema, once the server runs.</summary>
    /// <param name="keepDays">Days that sessions are kept; null for what the schema has.</param>
    public async Task MigrateAsync(int? keepDays, CancellationToken cancellationToken)
    {
        await ExecuteAsync(Connection(Admin, Admin), cancellationToken,
            $"CREATE ROLE {Owner} LOGIN PASSWORD '{_passwords[Owner]}'", $"CREATE ROLE {Broker} LOGIN PASSWORD '{_passwords[Broker]}'", $"CREATE DATABASE {Database} OWNER {Owner}").ConfigureAwait(false);
        await ExecuteAsync(Connection(Admin, Database), cancellationToken,
            "REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC").ConfigureAwait(false);
        string owner = Connection(Owner, Database);
        await PostgreSqlSchema.MigrateAsync(owner, Broker, cancellationToken).ConfigureAwait(false);
        if (keepDays is { } days) await ExecuteAsync(owner, cancellationToken, string.Create(CultureInfo.InvariantCulture, $"UPDATE enclave.setting SET keep_days = {days}")).ConfigureAwait(false);
    }

    /// <summary>Opens it by its socket.</summary>
    public string Connection(string user, string database = Database) => $"Host={folder.Database};Username={user};Password={_passwords[user]};Database={database};Timeout=15;Pooling=false";

    /// <summary>Opens it through a link.</summary>
    public string Connection(string user, IPEndPoint link) => string.Create(CultureInfo.InvariantCulture, $"Host={link.Address};Port={link.Port};Username={user};Password={_passwords[user]};Database={Database}");

    /// <summary>QUIT has it end its own processes, and give back the memory that they share.</summary>
    private ChildCommand Program(string name, params string[] arguments) => new(Path.Combine(installed.PostgresFolder, name), arguments) { User = User, DeathSignal = "QUIT" };

    private static async Task ExecuteAsync(string connectionString, CancellationToken cancellationToken, params string[] statements)
    {
        var connection = new NpgsqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            foreach (string statement in statements)
            {
#pragma warning disable CA2100 // Nothing of it comes from outside.
                var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
                await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
