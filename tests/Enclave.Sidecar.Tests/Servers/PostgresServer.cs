using Enclave.Tests.Servers;
using Npgsql;

namespace Enclave.Sidecar.Tests.Servers;

/// <summary>A PostgreSQL server on a socket in its own folder.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-postgres-");
    private ServerProcess? _server;
    private NpgsqlDataSource? _source;

    public async ValueTask InitializeAsync()
    {
        if (await PostgresProgram.MakeAsync(_folder) is not { } program) return;
        _server = await program.StartAsync();
        _source = NpgsqlDataSource.Create($"Host={_folder.FullName};Username=postgres;Database=postgres;Timeout=30");
        await NpgsqlCache.CreateTableAsync(_source);
    }

    /// <summary>A cache on it. Skips the test if this machine has no PostgreSQL.</summary>
    internal NpgsqlCache Cache()
    {
        Assert.SkipWhen(_source is null, PostgresProgram.Missing);
        return new NpgsqlCache(_source!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null) await _source.DisposeAsync();
        _server?.Dispose();
        _folder.Delete(recursive: true);
    }
}
