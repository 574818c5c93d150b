using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Serve.SignIn;
using Enclave.Cli.Terminals;
using Enclave.Cli.Tools;
using Enclave.Mcp;
using Enclave.Tenants;

namespace Enclave.Cli.Serve;

/// <summary>The options of <c>enclave serve</c>.</summary>
internal sealed class ServeCommand
{
    private readonly Option<int?> _port = OptionFactory.Port("--port", "The port. 0 for a free one. Default: 3000.");

    private readonly Option<string?> _host = new("--host")
    {
        Description = "The address to listen on: an IP address, localhost, or * for all. Default: 127.0.0.1. Every address other than loopback needs tokens.",
        HelpName = "ADDRESS",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"The file with the clients' tokens, one per line: TOKEN, OWNER TOKEN, or OWNER TENANT TOKEN. Default: the one token in the variable " +
            $"{ServeRun.TokenVariable}. Without any, whoever reaches 127.0.0.1 may run scripts.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _operatorTokenFile = new("--operator-token-file")
    {
        Description = $"The file with the operators' tokens, one per line: TOKEN, or NAME TOKEN. They give access to GET /fleet, and to sessions like any " +
            $"other token. Default: the one token in the variable {ServeRun.OperatorTokenVariable}.",
        HelpName = "FILE",
    };

    private readonly ProviderOptions _provider = new();

    private readonly TlsOptionSet _tls = new();

    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Standard);

    private readonly Option<string[]> _runtime = new("--runtime")
    {
        Description = "The address of a runtime that runs the sessions instead, as ws://10.0.0.5:3001; may be repeated. Default: " +
            "what the variable RUNTIME_URL names; without any they run here.",
        HelpName = "URL",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string?> _runtimeTokenFile = new("--runtime-token-file")
    {
        Description = $"The file with the secret that the runtimes require. Default: the variable {ServeRun.RuntimeTokenVariable}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _queueFile = new("--queue-file")
    {
        Description = $"The file with the address of a RabbitMQ server, as amqps://user:password@host/vhost: the sessions run on runtimes that take them " +
            $"from its queues. Default: the variable {QueueAddress.Variable}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _storeFile = new("--store-file")
    {
        Description = $"The file with the connection string of the PostgreSQL database for shared sessions (docs/sessions-store.md). Default: " +
            $"the variable {SharedSecret.StoreVariable}; without any, sessions live in this process.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _storeOwnerFile = new("--store-owner-file")
    {
        Description = $"The file with the connection string of the schema's owner: then the database is migrated at the start. Default: " +
            $"the variable {SharedSecret.StoreOwnerVariable}.",
        HelpName = "FILE",
    };

    private readonly StoreOptionSet _runs = new();

    private readonly Option<bool> _schedules = new("--schedules") { Description = "Run the schedules of --store (enclave schedules), too." };

    private readonly ToolOptionSet _tools = new();

    private readonly Option<string[]> _clientTool = new("--client-tool")
    {
        Description = "A tool that clients may answer themselves on request; may be repeated.",
        HelpName = "NAME",
        DefaultValueFactory = (_) => [],
    };

    private readonly ServiceOptions _services = new();

    private readonly Option<bool> _requireEncryption = new("--require-encryption")
    {
        Description = "Run only sessions whose events are encrypted for their client; there is no MCP endpoint then. The script itself needs TLS.",
    };

    private readonly Option<string[]> _origin = new("--allow-origin")
    {
        Description = "A web origin whose pages may use the broker, as https://app.example; may be repeated; * for any.",
        HelpName = "ORIGIN",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<int?> _maxSessions = OptionFactory.Count("--max-sessions", "Maximum number of sessions at a time. Default: 100.", 1, 100_000);

    private readonly Option<int?> _requestsPerMinute = OptionFactory.Count(
        "--requests-per-minute", "Maximum number of requests per client and minute. Default: 60000.");

    private readonly Option<int?> _workers = OptionFactory.Count("--workers", "Maximum number of worker processes. Default by level: 4, 8, 16, 32.", 1, 256);

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation", "LAYER,...|all", "Run although this machine lacks these layers, which the level requires.", Layers.Form, Layers.TryParse);

    private readonly Option<bool> _demo = new("--demo")
    {
        Description = "Serve a page at / for trying scripts, with tools of a small shop and a live view of the pool.",
    };

    private readonly Option<int?> _drainTimeout = OptionFactory.DrainTimeout(ServeRun.UsualDrainSeconds);

    private readonly Option<int?> _metricsPort = OptionFactory.MetricsPort();

    private readonly Option<bool> _debug = new("--debug")
    {
        Description = "Log everything that happens on standard error, one JSON object per line; otherwise only warnings and errors.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the line with its address as JSON." };

    private readonly Option<TimeSpan?> _toolTimeout = OptionFactory.ToolTimeout("Default: 30 s.");

    private readonly Option<bool> _short = OptionFactory.ShortDescription();

    private readonly Option<TimeSpan?> _yieldAfter = OptionFactory.YieldAfter();

    private readonly AuditFile _audit = new();

    private readonly TenantOptionSet _tenants = new();

    private readonly LimitOptionSet _limits = new();

    private readonly LibraryOption _libraries = new();

    private readonly FetchOption _fetch = new();

    private ServeCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var serve = new ServeCommand();
        var command = new Command("serve", "Runs scripts for clients over HTTP: a broker.")
        {
            serve._port, serve._host, serve._tokenFile, serve._operatorTokenFile, serve._level, serve._runtime, serve._runtimeTokenFile,
                serve._queueFile, serve._storeFile, serve._storeOwnerFile, serve._clientTool, serve._requireEncryption, serve._origin, serve._maxSessions,
            serve._requestsPerMinute,
            serve._workers, serve._libraries.Option, serve._fetch.Option, serve._allowDegraded, serve._demo, serve._drainTimeout, serve._metricsPort,
            serve._schedules, serve._toolTimeout, serve._short, serve._yieldAfter, serve._audit.Option, serve._debug, serve._json,
        };
        foreach (Option option in (Option[])[.. serve._tls.All, .. serve._provider.All, .. serve._limits.All, .. serve._tools.All, .. serve._services.All,
            .. serve._runs.OfBroker, .. serve._tenants.All])
            command.Options.Add(option);
        command.SetAction((parsed, _) => serve.RunAsync(parsed, terminal, interrupt));
        HelpExamples.Add(
            command,
            "enclave serve",
            "enclave serve --demo",
            "enclave serve --tool now='date +%s' --fetch https://api.example.com --level secure",
            "enclave serve --preset javascript --timeout 2m --tool-timeout 90s --memory 128MB --audit /var/log/enclave/audit.jsonl",
            "enclave serve --openapi pets=petstore.json --openapi-base pets=https://pets.example/v1 --openapi-secret pets:api_key=PETS_KEY --secrets " +
            "/run/secrets",
            "enclave serve --host 0.0.0.0 --token-file /run/secrets/tokens --allow-origin https://app.example",
            "enclave serve --host 0.0.0.0 --token-file /run/secrets/tokens --tls-certificate /run/tls/tls.crt --tls-key /run/tls/tls.key",
            "enclave serve --host 0.0.0.0 --openid-provider https://login.example --openid-audience enclave --openid-tenant-claim org",
            "enclave serve --store-file /run/secrets/store --token-file /run/secrets/tokens",
            "enclave serve --store /var/lib/enclave/runs --store-key /run/secrets/journal-key",
            "enclave serve --token-file /run/secrets/tokens --policies /etc/enclave/policies.json --ledger /var/lib/enclave/ledger",
            "enclave serve --runtime ws://10.0.0.5:3001 --runtime ws://10.0.0.6:3001 --runtime-token-file /run/secrets/runtime-token",
            "enclave serve --queue-file /run/secrets/rabbitmq --level secure");
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal, Interrupt interrupt)
    {
        EnclaveTenants? tenants = await _tenants.OpenAsync(parsed, isBrief: false, interrupt.Token).ConfigureAwait(false);
        try
        {
            return await RunAsync(parsed, tenants, terminal, interrupt).ConfigureAwait(false);
        }
        finally
        {
            // Dispose the tenants after the host: by then each run has its row in the ledger.
            if (tenants is not null) await tenants.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, EnclaveTenants? tenants, Terminal terminal, Interrupt interrupt)
    {
        using ToolBox tools = _tools.Read(parsed);
        var request = new ServeRequest
        {
            Port = parsed.GetValue(_port) ?? 3000,
            Address = parsed.GetValue(_host) ?? "127.0.0.1",
            TokenFile = parsed.GetValue(_tokenFile),
            OperatorTokenFile = parsed.GetValue(_operatorTokenFile),
            Provider = _provider.Read(parsed),
            TlsCertificate = _tls.Certificate(parsed),
            TlsKey = _tls.Key(parsed),
            Level = parsed.GetValue(_level) ?? SecurityLevel.Standard,
            Limits = _limits.Read(parsed),
            ToolTimeout = parsed.GetValue(_toolTimeout),
            Description = parsed.GetValue(_short) ? CodeDescription.Brief : CodeDescription.Whole,
            YieldAfter = parsed.GetValue(_yieldAfter),
            Audit = _audit.Read(parsed),
            Tenants = tenants,
            Runtimes = parsed.GetValue(_runtime)!,
            RuntimeTokenFile = parsed.GetValue(_runtimeTokenFile),
            QueueFile = parsed.GetValue(_queueFile),
            StoreFile = parsed.GetValue(_storeFile),
            StoreOwnerFile = parsed.GetValue(_storeOwnerFile),
            RunFolder = _runs.Folder(parsed),
            RunsSchedules = parsed.GetValue(_schedules),
            Durable = (database) => _runs.ReadForBroker(parsed, database),
            Tools = tools,
            ClientTools = parsed.GetValue(_clientTool)!,
            Services = _services.Services(parsed),
            Secrets = _services.Secrets(parsed),
            RequireEncryption = parsed.GetValue(_requireEncryption),
            Origins = parsed.GetValue(_origin)!,
            MaxSessions = parsed.GetValue(_maxSessions),
            RequestsPerMinute = parsed.GetValue(_requestsPerMinute),
            Workers = parsed.GetValue(_workers),
            AllowDegradedIsolation = parsed.GetValue(_allowDegraded) ?? [],
            Libraries = _libraries.Read(parsed),
            Fetch = _fetch.Read(parsed),
            Demo = parsed.GetValue(_demo),
            DrainTimeout = parsed.GetValue(_drainTimeout),
            MetricsPort = parsed.GetValue(_metricsPort),
            Debug = parsed.GetValue(_debug),
            Json = parsed.GetValue(_json),
        };
        return await new ServeRun(terminal).RunAsync(request, interrupt.Token).ConfigureAwait(false);
    }
}
