using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Enclave.Cluster.Children;

namespace Enclave.Cluster.Servers;

/// <summary>RabbitMQ on a loopback port, with its own name server, cookie and data, and the users of docs/dispatch.md.</summary>
internal sealed class Rabbit(InstalledServers installed, ClusterFolder folder) : IPartProgram, IDisposable
{
    public const string Admin = "admin", Broker = "broker", Runtime = "runtime", Vhost = "enclave";

    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);

    /// <summary>A password for each user, so that a runtime's password cannot publish runs.</summary>
    private readonly Dictionary<string, string> _passwords = new[] { Admin, Broker, Runtime }
        .ToDictionary((user) => user, (_) => Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
    private readonly ReservedPort _port = new(), _distribution = new(), _names = new();

    public string Name => "rabbitmq";

    public PartKind Kind => PartKind.RabbitMq;

    public Uri? Address => null;

    public IPEndPoint Socket => new(IPAddress.Loopback, _port.Number);

    public ChildCommand Command => new(installed.RabbitProgram, []) { Environment = Variables() };

    public int StopSignal => Signals.Terminate;

    /// <summary>The name server in the foreground: one that RabbitMQ starts itself would outlive it.</summary>
    public ChildCommand NameServer => new("epmd", ["-port", $"{_names.Number}", "-address", "127.0.0.1"]) { Environment = Variables() };

    public IReadOnlyList<int> Processes(int pid) => [pid];

    /// <summary>Writes its configuration.</summary>
    public async Task MakeAsync()
    {
        folder.Make("rabbitmq");
        await folder.WriteAsync("rabbitmq/rabbit.conf", $"""
            listeners.tcp.1 = 127.0.0.1:{_port.Number}
            load_definitions = {folder.At("rabbitmq/definitions.json")}
            log.file = false
            log.console = true
            log.console.level = error
            max_message_size = 16777216
            """).ConfigureAwait(false);
        await folder.WriteAsync("rabbitmq/plugins", "[].").ConfigureAwait(false);
        await folder.WriteAsync("rabbitmq/definitions.json", Definitions()).ConfigureAwait(false);
        await folder.WriteAsync("rabbitmq/.erlang.cookie", Convert.ToHexString(RandomNumberGenerator.GetBytes(16))).ConfigureAwait(false);
    }

    /// <summary>Checks that the server answers: it replies to an invalid greeting with its protocol version.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_answer);
        byte[] answer = new byte[8];
        try
        {
            await connection.ConnectAsync(Socket, patience.Token).ConfigureAwait(false);
            await connection.SendAsync("AMQP\0\0\0\0"u8.ToArray(), patience.Token).ConfigureAwait(false);
            return await connection.ReceiveAsync(answer, patience.Token).ConfigureAwait(false) > 0;
        }
        catch (Exception fault) when (fault is SocketException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>The address for a user, through a link or directly.</summary>
    public Uri AddressFor(string user, IPEndPoint at) => new($"amqp://{user}:{_passwords[user]}@{at}/{Vhost}");

    public void Dispose()
    {
        _port.Dispose();
        _distribution.Dispose();
        _names.Dispose();
    }

    private string Definitions() => $$"""
        {
          "vhosts": [{ "name": "{{Vhost}}" }],
          "users": [{{User(Admin)}}, {{User(Broker)}}, {{User(Runtime)}}],
          "permissions": [
            { "user": "{{Admin}}", "vhost": "{{Vhost}}", "configure": ".*", "write": ".*", "read": ".*" },
            { "user": "{{Broker}}", "vhost": "{{Vhost}}", "configure": "^enclave\\.",
              "write": "^enclave\\.(runs|orders|dead|refused|broker\\.)", "read": "^enclave\\.(runs|replies|presence|dead|refused|broker\\.)" },
            { "user": "{{Runtime}}", "vhost": "{{Vhost}}", "configure": "^enclave\\.runtime\\.",
              "write": "^enclave\\.(replies$|presence$|runtime\\.)", "read": "^enclave\\.(runs\\.|orders$|runtime\\.)" }
          ]
        }
        """;

    private string User(string name)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(4);
        byte[] hash = [.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(_passwords[name])])];
        return $$"""{ "name": "{{name}}", "password_hash": "{{Convert.ToBase64String(hash)}}", "hashing_algorithm": "rabbit_password_hashing_sha256",""" +
            $$""" "tags": "" }""";
    }

    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = folder.At("rabbitmq"),
        ["ERL_EPMD_PORT"] = $"{_names.Number}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = $"enclave{_port.Number}@localhost",
        ["RABBITMQ_DIST_PORT"] = $"{_distribution.Number}",
        ["RABBITMQ_MNESIA_BASE"] = folder.At("rabbitmq/data"),
        ["RABBITMQ_LOG_BASE"] = folder.At("rabbitmq"),
        ["RABBITMQ_CONFIG_FILE"] = folder.At("rabbitmq/rabbit.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = folder.At("rabbitmq/none"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = folder.At("rabbitmq/plugins"),
        ["RABBITMQ_PID_FILE"] = folder.At("rabbitmq/pid"),
        // Makes the start script become the server instead of starting it as a child.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        // Without this its idle threads spin. The last setting binds its own protocol to this machine.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
    };
}
