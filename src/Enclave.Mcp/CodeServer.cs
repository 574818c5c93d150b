using Enclave.Diagnostics;
using Enclave.Mcp.Hosts;
using Enclave.Mcp.Servers;
using Enclave.Mcp.Transports;
using Enclave.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp;

/// <summary>A host of scripts as an MCP server: <c>run_code</c>, <c>search_tools</c> and <c>describe_tools</c> over all its tools (docs/mcp.md).</summary>
public static class CodeServer
{
    // Twice the largest message of a run: JSON escapes some characters. Over HTTP, the endpoint has its own limit.
    private const int MaxMessageBytes = 32 << 20;

    private const string Advice =
        "Write one script for run_code that calls all the tools a task needs. search_tools and describe_tools tell which tools scripts can call.";

    // The end of the input waits for the answers of what was asked before.
    private static readonly TimeSpan s_longestRun = TimeSpan.FromMinutes(1), s_grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Serves one client over two streams, until the client disconnects. Requests from before the end of its messages are answered, within a run's time and 5
    /// s.
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="input">The messages from the client.</param>
    /// <param name="output">The messages to the client.</param>
    /// <param name="options">The options of the server; null for the defaults.</param>
    /// <param name="loggers">Null for no log.</param>
    /// <param name="cancellationToken">Ends the server.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">A message has more than 32 MiB. Nothing more is read then.</exception>
    public static async Task RunAsync(IEnclave enclave, Stream input, Stream output, CodeServerOptions? options = null, ILoggerFactory? loggers = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        McpServerOptions settings = await SettingsAsync(HostOf(enclave), options, cancellationToken).ConfigureAwait(false);
        TimeSpan longest = (enclave as EnclaveHost)?.LongestRun(options?.Run) ?? s_longestRun;
        var messages = new ClientMessages(longest + s_grace, TimeProvider.System);
        var transport = new StreamServerTransport(
            messages.From(input, MaxMessageBytes), messages.To(output), settings.ServerInfo!.Name, NullLoggerFactory.Instance);
        await using (transport.ConfigureAwait(false))
        {
            McpServer server = McpServer.Create(transport, settings, SafeLogger.Of(loggers), null);
            await using (server.ConfigureAwait(false)) await server.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A host of this process, as the host of such a server.</summary>
    public static ICodeHost HostOf(IEnclave enclave)
    {
        ArgumentNullException.ThrowIfNull(enclave);
        return new LocalCodeHost(enclave);
    }

    /// <summary>The settings of such a server, for transports of other packages.</summary>
    /// <param name="host">Runs the scripts.</param>
    /// <param name="options">The options of the server; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the description of the tools.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static async ValueTask<McpServerOptions> SettingsAsync(
        ICodeHost host, CodeServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        options ??= new CodeServerOptions();
        var settings = new McpServerOptions();
        Apply(settings, host, options);
        settings.ServerInstructions = await InstructionsAsync(host, options, cancellationToken).ConfigureAwait(false);
        return settings;
    }

    /// <summary>Makes the settings those of such a server, all but its instructions.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal static void Apply(McpServerOptions settings, ICodeHost host, CodeServerOptions options)
    {
        Check(options);
        var tools = new ServedTools(host, options);
        var calls = new ServedCalls(host, options);
        settings.ServerInfo = new Implementation { Name = options.Name, Version = typeof(CodeServer).Assembly.GetName().Version?.ToString(3) ?? "0" };
        settings.Capabilities = new ServerCapabilities { Tools = new ToolsCapability() };
        settings.Handlers = new McpServerHandlers { ListToolsHandler = (_, token) => tools.ListAsync(token), CallToolHandler = calls.CallAsync };
    }

    /// <summary>
    /// For <see cref="EnclaveOptions.OnToolApproval"/>: asks the person behind the client whose script calls (elicitation). Calls of others, and of clients
    /// that cannot ask, are denied.
    /// </summary>
    public static ValueTask<ToolApproval> AskClientAsync(ToolApprovalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Context.Context is ServedClient session
            ? session.AskAsync(request)
            : new ValueTask<ToolApproval>(ToolApproval.Denied("there is no client to ask"));
    }

    /// <summary>The tools that clients see, as clients get them.</summary>
    internal static async ValueTask<IList<Tool>> ToolsAsync(ICodeHost host, CodeServerOptions options, CancellationToken cancellationToken) =>
        (await new ServedTools(host, options).ListAsync(cancellationToken).ConfigureAwait(false)).Tools;

    /// <summary>The instructions that clients get when they connect.</summary>
    internal static async ValueTask<string> InstructionsAsync(ICodeHost host, CodeServerOptions options, CancellationToken cancellationToken) =>
        options.Description == CodeDescription.Whole
            ? Advice
            : $"{Advice}\n\n{await host.DescribeForModelAsync(options.MaxToolTokens, options.Run, cancellationToken).ConfigureAwait(false)}";

    private static void Check(CodeServerOptions options)
    {
        if (!Enum.IsDefined(options.Description)) throw new ArgumentException($"Description is {options.Description}; it is Whole or Brief.", nameof(options));
        if (string.IsNullOrWhiteSpace(options.Name)) throw new ArgumentException("CodeServerOptions.Name is empty.", nameof(options));
        AnswerLimits.Check(options.MaxResultTokens, options.MaxContentBytes);
        if (options.MaxToolTokens is < 100 or > 1_000_000)
            throw new ArgumentException($"MaxToolTokens is {options.MaxToolTokens}; its range is 100 to 1000000.", nameof(options));
        if (options.ApprovalTimeout < TimeSpan.FromMilliseconds(1) || options.ApprovalTimeout > TimeSpan.FromDays(1))
            throw new ArgumentException($"ApprovalTimeout is {options.ApprovalTimeout}; its range is 1 ms to 24 h.", nameof(options));
    }
}
