using System.CommandLine;
using Enclave.Cli;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Enclave.Cli.Tools;

namespace Enclave.Cluster;

/// <summary>The options of a cluster.</summary>
internal sealed class ClusterCommand
{
    /// <summary>More processes than a developer's machine can run.</summary>
    private const int MaxParts = 32, MaxTenants = 1000, MaxKeepDays = 3650, MaxPlaces = 10_000;

    private readonly Option<int?> _brokers = OptionFactory.Count("--brokers", "Number of brokers, up to 32. Default: 3.");

    private readonly Option<int?> _runtimes = OptionFactory.Count("--runtimes", "Number of runtimes, up to 32. Default: 6.");

    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Secure);

    private readonly Option<int?> _tenants = OptionFactory.Count("--tenants", "Number of owners with a token: tenant-01 and so on, up to 1000. Default: 1.");

    private readonly Option<int?> _keepDays = OptionFactory.Count("--keep-days", "Days to keep sessions in the store, up to 3650. Default: 7.");

    private readonly Option<int?> _port = OptionFactory.Port("--port", "The port of the proxy on 127.0.0.1. 0 for a free one, which is the default.");

    private readonly Option<int?> _maxSessions = OptionFactory.Count("--max-sessions", "Maximum number of sessions of one runtime at a time. Default: 10.");

    private readonly Option<string[]> _tool = new("--tool")
    {
        Description = "A tool of all brokers that is a shell command; may be repeated (enclave serve --tool).",
        HelpName = "NAME=COMMAND",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string[]> _clientTool = new("--client-tool")
    {
        Description = "A tool that clients may answer themselves; may be repeated (enclave serve --client-tool).",
        HelpName = "NAME",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation", "LAYER,...|all", "Run although this machine lacks these layers, which the level requires.", Layers.Form, Layers.TryParse);

    private readonly Option<bool> _clocks = new("--clocks")
    {
        Description = "Let brokers and runtimes read the time of day through libfaketime, so that their clocks can be stepped.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print events as JSON, one object per line. The first has the addresses and the tokens.",
    };

    private ClusterCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var cluster = new ClusterCommand();
        var command = new Command(
            "eng/cluster.sh", "Runs PostgreSQL, RabbitMQ, brokers and runtimes on this machine, for development and tests: not for production.")
        {
            cluster._brokers, cluster._runtimes, cluster._level, cluster._tenants, cluster._keepDays,
                cluster._port, cluster._maxSessions, cluster._tool, cluster._clientTool, cluster._allowDegraded, cluster._clocks, cluster._json,
        };
        command.SetAction((parsed, _) => new ClusterRun(terminal).RunAsync(cluster.Request(parsed), interrupt.Token));
        HelpExamples.Add(
            command,
            "eng/cluster.sh",
            "eng/cluster.sh --brokers 2 --runtimes 2 --port 8080",
            "eng/cluster.sh --tenants 40 --tool 'wait=sleep 1' --json");
        return command;
    }

    private ClusterRequest Request(ParseResult parsed) => new()
    {
        Brokers = Within("--brokers", parsed.GetValue(_brokers) ?? 3, 1, MaxParts),
        Runtimes = Within("--runtimes", parsed.GetValue(_runtimes) ?? 6, 1, MaxParts),
        Level = parsed.GetValue(_level) ?? SecurityLevel.Secure,
        Tenants = Within("--tenants", parsed.GetValue(_tenants) ?? 1, 1, MaxTenants),
        KeepDays = parsed.GetValue(_keepDays) is { } days ? Within("--keep-days", days, 1, MaxKeepDays) : null,
        Port = Within("--port", parsed.GetValue(_port) ?? 0, 0, System.Net.IPEndPoint.MaxPort),
        MaxSessions = parsed.GetValue(_maxSessions) is { } places ? Within("--max-sessions", places, 1, MaxPlaces) : null,
        Tools = Checked(parsed.GetValue(_tool)!),
        ClientTools = parsed.GetValue(_clientTool)!,
        AllowDegradedIsolation = parsed.GetValue(_allowDegraded) is { Length: > 0 } layers ? string.Join(',', layers) : null,
        Clocks = parsed.GetValue(_clocks),
        Json = parsed.GetValue(_json),
    };

    /// <summary>Refuses definitions that brokers would refuse later.</summary>
    private static string[] Checked(string[] definitions)
    {
        using var tools = new ToolBox([]);
        foreach (string definition in definitions) tools.AddCommand(definition);
        return definitions;
    }

    private static int Within(string option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UsageException($"{option} is {value}; its range is {least} to {most}.");
}
