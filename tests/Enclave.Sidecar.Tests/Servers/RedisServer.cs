using System.Net.Sockets;
using Enclave.Tests.Servers;

namespace Enclave.Sidecar.Tests.Servers;

/// <summary>A Redis server from Debian, without persistence, on a socket in its own folder.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private const string Program = "/usr/bin/redis-server";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-redis-");
    private ServerProcess? _server;

    private string Socket => Path.Combine(_folder.FullName, "redis.sock");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program)) return;
        _server = await ServerProcess.StartAsync(Program,
            ["--port", "0", "--unixsocket", Socket, "--save", "", "--appendonly", "no", "--dir", _folder.FullName], new UnixDomainSocketEndPoint(Socket));
    }

    /// <summary>A cache on it. Skips the test if this machine has no Redis.</summary>
    internal RespCache Cache()
    {
        Assert.SkipWhen(_server is null, $"{Program} is missing: apt-get install -y redis-server");
        return new RespCache(Socket);
    }

    internal void Kill() => _server!.Kill();

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
