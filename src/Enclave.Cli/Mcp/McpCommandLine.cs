using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Processes;
using Enclave.Cli.Terminals;
using Enclave.Cli.Tools;
using Enclave.Mcp;
using Enclave.Tenants;

namespace Enclave.Cli.Mcp;

/// <summary>The options of <c>enclave mcp</c> and <c>enclave prompt</c>.</summary>
internal sealed class McpCommandLine
{
    private readonly Option<string[]> _server = new("--server")
    {
        Description = "An MCP server whose tools scripts may call, as NAME:TOOL: a command that talks over its standard input and output, "
            + "or an address (Streamable HTTP); may be repeated. No shell reads the command.",
        HelpName = "NAME=COMMAND",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string[]> _variables = new("--server-env")
    {
        Description = "A variable that the command of one --server gets, and whose value no script and no message shows; may be repeated. NAME is that "
            + $"server's; it may be left out where one --server is a command. Without this option commands get {string.Join(", ", ChildEnvironment.Usual)}.",
        HelpName = "NAME=VARIABLE",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string[]> _headers = new("--server-header")
    {
        Description = "A header of each request to a server at an address; may be repeated. {VARIABLE} in it stands for a variable of the environment, "
            + "which no script and no message shows.",
        HelpName = "NAME=HEADER: TEXT",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string[]> _clientIds = new("--client-id")
    {
        Description = "The client that a server's sign-in (OAuth) knows: an id, or the https: address of a client's metadata; may be repeated. "
            + "Without it enclave registers itself.",
        HelpName = "NAME=ID",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string[]> _clientSecrets = new("--client-secret")
    {
        Description = "The variable of the environment with the secret of that client; may be repeated.",
        HelpName = "NAME=VARIABLE",
        DefaultValueFactory = (_) => [],
    };

    private readonly Option<string?> _signIns = new("--sign-ins")
    {
        Description = "Keeps sign-ins in this file, which only its owner may read. Without it they end with this process.",
        HelpName = "FILE",
    };

    private readonly Option<McpApproval?> _approval = OptionFactory.Completed(
        OptionFactory.Value<McpApproval>(
            "--approval", "WHEN",
            $"Which tools of the servers a person has to approve, call by call: {Approvals.Form} (default: {Approvals.Usual}). Servers say themselves what "
                + "their tools do: for servers of others take unless-read-only.",
            Approvals.Form, Approvals.TryParse),
        Approvals.Names);

    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Standard);

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation", "LAYER,...|all", "Run although this machine lacks these layers, which the level demands.", Layers.Form, Layers.TryParse);

    private readonly Option<TimeSpan?> _toolTimeout = OptionFactory.ToolTimeout("Default: 60 s for tools of --server, the run's time for others.");

    private readonly Option<TimeSpan?> _connectTimeout = OptionFactory.Time(
        "--connect-timeout",
        "Time for a --server to start and to tell its tools, as --timeout; a first npx downloads the server. Default: 30 s. Servers that ask for a sign-in "
            + "have five minutes more.",
        least: "100ms", most: "10m");

    private readonly Option<bool> _short = OptionFactory.ShortDescription();

    private readonly Option<TimeSpan?> _yieldAfter = OptionFactory.YieldAfter();

    private readonly AuditFile _audit = new();

    private readonly TenantOptionSet _tenants = new();

    private readonly Option<string?> _tenant = new("--tenant") { Description = "The tenant of its runs. Default: none.", HelpName = "NAME" };

    private readonly LimitOptionSet _limits = new(preset: "javascript");

    private readonly LibraryOption _libraries = new();

    private readonly FetchOption _fetch = new();

    private readonly ToolOptionSet _tools = new();

    private McpCommandLine()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var mcp = new McpCommandLine();
        Command command = mcp.Command(
            "mcp", "Serves run_code, search_tools and describe_tools to an agent over the Model Context Protocol, on standard input and output.");
        command.SetAction(async (parsed, _) =>
        {
            using ToolBox tools = mcp._tools.Read(parsed);
            EnclaveTenants? tenants = await mcp._tenants.OpenAsync(parsed, isBrief: false, interrupt.Token).ConfigureAwait(false);
            try
            {
                return await new McpRun(terminal).ServeAsync(mcp.Request(parsed, tools) with { Tenants = tenants }, interrupt.Token).ConfigureAwait(false);
            }
            finally
            {
                // Dispose the tenants after the host, when each run has its row.
                if (tenants is not null) await tenants.DisposeAsync().ConfigureAwait(false);
            }
        });
        HelpExamples.Add(
            command,
            "enclave mcp",
            "enclave mcp --server 'files=npx -y @modelcontextprotocol/server-filesystem /srv/data'",
            "enclave mcp --server files='mcp-server-filesystem /srv/data' --server github=https://mcp.example.com/mcp",
            "enclave mcp --server crm=https://mcp.example.com/mcp --server-header 'crm=Authorization: Bearer {CRM_TOKEN}'",
            "enclave mcp --server crm=https://mcp.example.com/mcp --sign-ins ~/.enclave-sign-ins.json",
            "enclave mcp --server 'reports=report-server --stdio' --timeout 2m --tool-timeout 90s --max-tool-calls 200",
            "enclave mcp --fetch https://api.example.com --timeout 5m --yield-after 20s",
            "enclave mcp --preset javascript --memory 128MB --audit /var/log/enclave/audit.jsonl",
            "enclave mcp --tool hosts:list='sqlite3 -json hosts.db \"select * from hosts\"'",
            "enclave mcp --server 'mail=mail-server --stdio' --server-env mail=MAIL_TOKEN --approval unless-read-only");
        return command;
    }

    /// <summary><c>enclave prompt</c>: the same options.</summary>
    public static Command CreatePrompt(Terminal terminal, Interrupt interrupt)
    {
        var mcp = new McpCommandLine();
        Command command = mcp.Command(
            "prompt", "Prints what enclave mcp with the same options tells an agent: the language, the limits and the tools, with tokens.");
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using ToolBox tools = mcp._tools.Read(parsed);
            return await new McpRun(terminal).PrintAsync(mcp.Request(parsed, tools), parsed.GetValue(json), interrupt.Token).ConfigureAwait(false);
        });
        HelpExamples.Add(
            command,
            "enclave prompt",
            "enclave prompt --server 'files=npx -y @modelcontextprotocol/server-filesystem /srv/data'",
            "enclave prompt --preset agentscript --level secure",
            "enclave prompt --json | jq .tokens");
        return command;
    }

    private Command Command(string name, string about)
    {
        var command = new Command(name, about)
        {
            _server, _variables, _headers, _clientIds, _clientSecrets, _signIns, _approval, _level, _libraries.Option, _fetch.Option, _allowDegraded,
            _connectTimeout, _toolTimeout, _short, _yieldAfter, _audit.Option, _tenant,
        };
        foreach (Option option in _limits.All.Concat(_tools.All).Concat(_tenants.All)) command.Options.Add(option);
        return command;
    }

    private McpRequest Request(ParseResult parsed, ToolBox tools) => new()
    {
        Level = parsed.GetValue(_level) ?? SecurityLevel.Standard,
        Limits = _limits.Read(parsed),
        ToolTimeout = parsed.GetValue(_toolTimeout),
        ConnectTimeout = parsed.GetValue(_connectTimeout),
        Description = parsed.GetValue(_short) ? CodeDescription.Brief : CodeDescription.Whole,
        YieldAfter = parsed.GetValue(_yieldAfter),
        Audit = _audit.Read(parsed),
        Tenant = parsed.GetValue(_tenant),
        Approval = parsed.GetValue(_approval) ?? McpApproval.WhenDestructive,
        Tools = tools,
        Servers = parsed.GetValue(_server)!,
        ServerVariables = parsed.GetValue(_variables)!,
        ServerHeaders = parsed.GetValue(_headers)!,
        ClientIds = parsed.GetValue(_clientIds)!,
        ClientSecrets = parsed.GetValue(_clientSecrets)!,
        SignIns = parsed.GetValue(_signIns),
        AllowDegradedIsolation = parsed.GetValue(_allowDegraded) ?? [],
        Libraries = _libraries.Read(parsed),
        Fetch = _fetch.Read(parsed),
    };
}
