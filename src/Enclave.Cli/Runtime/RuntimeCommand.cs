using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Enclave.Tenants;

namespace Enclave.Cli.Runtime;

/// <summary>The options of <c>enclave runtime</c>.</summary>
internal sealed class RuntimeCommand
{
    private readonly Option<int?> _port = OptionFactory.Port("--port", "The port. 0 for a free one. Default: 3001.");

    private readonly Option<string?> _host = new("--host")
    {
        Description = "The address to listen on: an IP address, localhost, or * for all. Default: 127.0.0.1. Every address other than loopback needs a token.",
        HelpName = "ADDRESS",
    };

    private readonly Option<int?> _maxSessions = OptionFactory.Count("--max-sessions", "Maximum number of sessions at a time. Default: 10.");

    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Secure);

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"The file with the secret that brokers must send. Default: the variable {RuntimeRun.TokenVariable}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _queueFile = new("--queue-file")
    {
        Description = $"The file with the address of a RabbitMQ server, as amqps://user:password@host/vhost: sessions are taken from its queues as well. " +
            $"Default: the variable {QueueAddress.Variable}.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _trustClass = new("--trust-class")
    {
        Description = "A class of sessions to take from queues; may be repeated. Default: the class default.",
        HelpName = "NAME",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation", "LAYER,...|all", "Run although this machine lacks these layers, which the level requires.", Layers.Form, Layers.TryParse);

    private readonly Option<int?> _drainTimeout = OptionFactory.DrainTimeout(5);

    private readonly Option<int?> _metricsPort = OptionFactory.MetricsPort();

    private readonly Option<bool> _debug = new("--debug") { Description = "Log everything that happens on standard error, one JSON object per line." };

    private readonly Option<bool> _json = new("--json") { Description = "Print the line with its address as JSON." };

    private readonly AuditFile _audit = new();

    private readonly TenantOptionSet _tenants = new();

    private readonly LimitOptionSet _limits = new(
        "Given, no session has more, whatever its broker asks for. Default: 30s, unless the broker asks for another.",
        "Given, no session has more. Default: 128MB, unless the broker asks for another.",
        "Given, no session has more. Default: 100, unless the broker asks for another.");

    private readonly LibraryOption _libraries = new();

    private readonly TlsOptionSet _tls = new();

    private RuntimeCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var runtime = new RuntimeCommand();
        var command = new Command("runtime", "Runs sessions for brokers, which connect over a WebSocket.")
        {
            runtime._port, runtime._host, runtime._maxSessions, runtime._level, runtime._tokenFile, runtime._queueFile, runtime._trustClass,
                runtime._libraries.Option, runtime._allowDegraded, runtime._drainTimeout, runtime._metricsPort, runtime._audit.Option,
            runtime._debug, runtime._json,
        };
        foreach (Option option in (Option[])[.. runtime._tls.All, .. runtime._limits.All, .. runtime._tenants.All]) command.Options.Add(option);
        command.SetAction((parsed, _) => runtime.RunAsync(parsed, terminal, interrupt));
        HelpExamples.Add(
            command,
            "enclave runtime",
            "enclave runtime --port 3001 --max-sessions 20 --debug",
            "enclave runtime --preset javascript --memory 128MB --audit /var/log/enclave/audit.jsonl",
            "enclave runtime --host 0.0.0.0 --token-file /run/secrets/enclave-token",
            "enclave runtime --host 0.0.0.0 --token-file /run/secrets/enclave-token --tls-certificate /run/tls/tls.crt --tls-key /run/tls/tls.key",
            "enclave runtime --queue-file /run/secrets/rabbitmq --trust-class partners");
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal, Interrupt interrupt)
    {
        EnclaveTenants? tenants = await _tenants.OpenAsync(parsed, isBrief: false, interrupt.Token).ConfigureAwait(false);
        try
        {
            return await new RuntimeRun(terminal).RunAsync(Request(parsed) with { Tenants = tenants }, interrupt.Token).ConfigureAwait(false);
        }
        finally
        {
            // Dispose the tenants after the host: by then each run has its row in the ledger.
            if (tenants is not null) await tenants.DisposeAsync().ConfigureAwait(false);
        }
    }

    private RuntimeRequest Request(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(_port),
        Host = parsed.GetValue(_host),
        MaxSessions = parsed.GetValue(_maxSessions),
        Level = parsed.GetValue(_level),
        Limits = _limits.Read(parsed),
        Audit = _audit.Read(parsed),
        TokenFile = parsed.GetValue(_tokenFile),
        TlsCertificate = _tls.Certificate(parsed),
        TlsKey = _tls.Key(parsed),
        QueueFile = parsed.GetValue(_queueFile),
        TrustClasses = parsed.GetValue(_trustClass)!,
        AllowDegradedIsolation = parsed.GetValue(_allowDegraded) ?? [],
        Libraries = _libraries.Read(parsed),
        DrainTimeout = parsed.GetValue(_drainTimeout),
        MetricsPort = parsed.GetValue(_metricsPort),
        Debug = parsed.GetValue(_debug),
        Json = parsed.GetValue(_json),
    };
}
