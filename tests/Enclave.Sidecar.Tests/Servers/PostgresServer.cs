using Npgsql;

namespace Enclave.Sidecar.Tests.Servers;

/// <summary>A PostgreSQL of Debian's, on a socket in a folder of its own. It refuses to run as root: then it is the user <c>postgres</c>.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-postgres-");
    private ServerProcess? _server;
    private NpgsqlDataSource? _source;

    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select((version) => Path.Combine(version, "bin")).FirstOrDefault((bin) => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    public async ValueTask InitializeAsync()
    {
        if (Programs is not { } programs) return;
        string data = Path.Combine(_folder.FullName, "data");
        string[] user = [];
        if (Environment.UserName == "root")
        {
            await ServerProcess.RunAsync("chown", "postgres", _folder.FullName);
            user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];
        }

        await ServerProcess.RunAsync("setpriv", [.. user, "--no-new-privs", Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
        string[] server = [Path.Combine(programs, "postgres"), "-D", data, "-k", _folder.FullName, "-c", "listen_addresses=", "-c", "fsync=off"];
        _server = await ServerProcess.StartAsync("setpriv", [.. user, "--no-new-privs", .. server], Path.Combine(_folder.FullName, ".s.PGSQL.5432"));
        _source = NpgsqlDataSource.Create($"Host={_folder.FullName};Username=postgres;Database=postgres;Timeout=30");
        await NpgsqlCache.CreateTableAsync(_source);
    }

    /// <summary>A cache on it; skips the test when there is no PostgreSQL on this machine.</summary>
    internal NpgsqlCache Cache()
    {
        Assert.SkipWhen(_source is null, "/usr/lib/postgresql/*/bin/initdb is missing: apt-get install -y postgresql");
        return new NpgsqlCache(_source!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null) await _source.DisposeAsync();
        _server?.Dispose();
        _folder.Delete(recursive: true);
    }
}
