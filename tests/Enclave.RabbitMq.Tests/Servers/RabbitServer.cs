using System.Net;
using System.Security.Cryptography;
using System.Text;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Tests;
using Enclave.Tests.Servers;

[assembly: AssemblyFixture(typeof(RabbitServer))]

namespace Enclave.RabbitMq.Tests.Servers;

/// <summary>
/// Debian's RabbitMQ on loopback ports, with its own name server, cookie and data. Nothing outlives the test, and no service of the system is touched.
/// </summary>
public sealed class RabbitServer : IAsyncLifetime
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private const string Password = "pass-of-tests";

    private const int Vhosts = 16;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-rabbit-");
    private readonly int _port = FreePort.Next(), _tls = FreePort.Next(), _distribution = FreePort.Next(), _names = FreePort.Next();
    private int _taken;
    private ServerProcess? _nameServer, _server;

    /// <summary>The server's certificate and its authority; null for a server without TLS.</summary>
    internal ServerCertificate? Certificate { get; init; }

    internal static bool IsThere => File.Exists(Program);

    /// <summary>A user with all permissions.</summary>
    internal Uri Address => Of("admin");

    /// <summary>The same user at a virtual host of this test: programs started by the test use the default prefix.</summary>
    internal Uri Fresh()
    {
        int taken = Interlocked.Increment(ref _taken) - 1;
        Assert.True(taken < Vhosts, "there are more tests than virtual hosts");
        return new UriBuilder(Address) { Path = $"/v{taken}" }.Uri;
    }

    public async ValueTask InitializeAsync()
    {
        if (!IsThere) return;
        string listener = Certificate is null
            ? $"listeners.tcp.1 = 127.0.0.1:{_port}"
            : $"""
                listeners.tcp = none
                listeners.ssl.1 = 127.0.0.1:{_tls}
                ssl_options.certfile = {Certificate.CertificateFile}
                ssl_options.keyfile = {Certificate.KeyFile}
                ssl_options.verify = verify_none
                ssl_options.fail_if_no_peer_cert = false
                """;
        await WriteAsync("rabbit.conf", $"""
            {listener}
            load_definitions = {Path.Combine(_folder.FullName, "definitions.json")}
            log.file = false
            log.console = true
            log.console.level = error
            max_message_size = 16777216
            """);
        await WriteAsync("plugins", "[].");
        await WriteAsync("definitions.json", Definitions());
        await WriteAsync(".erlang.cookie", Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        await ServerProcess.RunAsync("chmod", "600", Path.Combine(_folder.FullName, ".erlang.cookie"));
        // In the foreground: a name server that RabbitMQ starts itself would outlive it.
        _nameServer = await ServerProcess.StartAsync("epmd", ["-port", $"{_names}", "-address", "127.0.0.1"], Loopback(_names), Environment());
        await StartAsync();
    }

    /// <summary>Starts it after a kill; data on disk is still there.</summary>
    internal async Task StartAsync() => _server = await ServerProcess.StartAsync(Program, [], Loopback(Certificate is null ? _port : _tls), Environment());

    /// <summary>
    /// True if the server has stored a quorum queue with this text in its name. RabbitMQ 3.10 stores it some seconds after it confirms the queue; a
    /// server that is killed before has a queue without a leader.
    /// </summary>
    internal bool HasWrittenDown(string name) =>
        Directory.EnumerateFiles(Path.Combine(_folder.FullName, "data"), "names.dets", SearchOption.AllDirectories)
            .Any((file) => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0);

    /// <summary>Ends it like a crash.</summary>
    internal void Kill() => _server!.Kill();

    /// <summary>The address for a user. Skips the test if RabbitMQ is not installed.</summary>
    internal Uri Of(string user)
    {
        Assert.SkipUnless(IsThere, $"{Program} is missing: apt-get install -y rabbitmq-server");
        return Certificate is null
            ? new Uri($"amqp://{user}:{Password}@127.0.0.1:{_port}/enclave")
            : new Uri($"amqps://{user}:{Password}@localhost:{_tls}/enclave?cacertfile={Certificate.AuthorityFile}");
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        _nameServer?.Dispose();
        Certificate?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The users, with the permissions of docs/dispatch.md for brokers and runtimes.</summary>
    private static string Definitions() => $$"""
        {
          "vhosts": [{ "name": "enclave" }, {{string.Join(", ", Enumerable.Range(0, Vhosts).Select((n) => $"{{ \"name\": \"v{n}\" }}"))}}],
          "users": [
            {{User("admin")}},
            {{User("broker")}},
            {{User("runtime")}},
            {{User("counter")}}
          ],
          "permissions": [
            {{string.Concat(Enumerable.Range(0, Vhosts).Select((n) => AdminAt($"v{n}") + ", "))}}
            { "user": "admin", "vhost": "enclave", "configure": ".*", "write": ".*", "read": ".*" },
            { "user": "broker", "vhost": "enclave", "configure": "^enclave\\.",
              "write": "^enclave\\.(runs|orders|dead|refused|broker\\.)", "read": "^enclave\\.(runs|replies|presence|dead|refused|broker\\.)" },
            { "user": "runtime", "vhost": "enclave", "configure": "^enclave\\.runtime\\.",
              "write": "^enclave\\.(replies$|presence$|runtime\\.)", "read": "^enclave\\.(runs\\.|orders$|runtime\\.)" },
            { "user": "counter", "vhost": "enclave", "configure": "^$", "write": "^$", "read": "^$" }
          ]
        }
        """;

    private static string AdminAt(string vhost) =>
        $$"""{ "user": "admin", "vhost": "{{vhost}}", "configure": ".*", "write": ".*", "read": ".*" }""";

    private static string User(string name)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(4);
        byte[] hash = [.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(Password)])];
        return $$"""{ "name": "{{name}}", "password_hash": "{{Convert.ToBase64String(hash)}}", "hashing_algorithm": "rabbit_password_hashing_sha256",""" +
            $$""" "tags": "" }""";
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = _folder.FullName,
        ["ERL_EPMD_PORT"] = $"{_names}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = $"enclave{_port}@localhost",
        ["RABBITMQ_DIST_PORT"] = $"{_distribution}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder.FullName, "data"),
        ["RABBITMQ_LOG_BASE"] = _folder.FullName,
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder.FullName, "rabbit.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder.FullName, "none"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder.FullName, "plugins"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(_folder.FullName, "pid"),
        // Otherwise its idle threads spin on cores that the tests need.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
    };

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), text.ReplaceLineEndings("\n") + "\n");

    private static IPEndPoint Loopback(int port) => new(IPAddress.Loopback, port);
}
