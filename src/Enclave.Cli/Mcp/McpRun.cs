using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Enclave.Limits;
using Enclave.Mcp;
using Enclave.Tenants;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace Enclave.Cli.Mcp;

/// <summary>A host with the tools of MCP servers and of the command line: serves one client, or prints what a client gets.</summary>
internal sealed class McpRun(Terminal terminal)
{
    /// <summary>Its one client is one conversation: what its scripts store is there for the later ones.</summary>
    private static readonly RunOptions s_run = new() { Conversation = "client" };

    /// <summary>Serves one client until it goes, or a signal ends it.</summary>
    /// <exception cref="UsageException">A server's definition has another form.</exception>
    public Task<int> ServeAsync(McpRequest request, CancellationToken signal) => RunAsync(
        request,
        (enclave, served) => CodeServer.RunAsync(enclave, Console.OpenStandardInput(), Console.OpenStandardOutput(), served, null, signal),
        signal);

    /// <summary>Prints the instructions and tools that a client gets.</summary>
    /// <exception cref="UsageException">A server's definition has another form.</exception>
    public Task<int> PrintAsync(McpRequest request, bool json, CancellationToken signal) => RunAsync(
        request,
        async (enclave, served) =>
        {
            ICodeHost host = CodeServer.HostOf(enclave);
            McpServerOptions server = await CodeServer.SettingsAsync(host, served, signal).ConfigureAwait(false);
            new Prompt(server, await CodeServer.ToolsAsync(host, served, signal).ConfigureAwait(false)).Print(terminal, json);
        },
        signal);

    private async Task<int> RunAsync(McpRequest request, Func<EnclaveHost, CodeServerOptions, Task> use, CancellationToken signal)
    {
        McpSourceOptions[] servers = [.. request.Servers.Select((server) => Definition(server, request))];
        if (servers.GroupBy((server) => server.Name).FirstOrDefault((same) => same.Count() > 1) is { Key: var twice })
            throw new UsageException($"--server: two have the name {twice}: give each a NAME of its own.");
        IReadOnlyList<McpSourceOptions> definitions = new ServerAccess(request, terminal).Complete(ServerVariables.Give(servers, request.ServerVariables));
        var options = new EnclaveOptions
        {
            SecurityLevel = request.Level,
            Audit = request.Audit,
            AllowDegradedIsolation = request.AllowDegradedIsolation,
            Libraries = request.Libraries,
            Fetch = request.Fetch,
            OnToolApproval = CodeServer.AskClientAsync,
        };
        if (request.Tenants is not null) options.UseTenants(request.Tenants);
        request.Limits.ApplyTo(options);
        ToolTimeouts.Check(request.ToolTimeout, request.Level, request.Limits.Timeout);
        request.Tools.AddTo(options.Tools, definitions.Select((definition) => definition.Name), request.ToolTimeout);
        var sources = new List<McpToolSource>();
        try
        {
            // Connect all servers at the same time, because each may take long to start.
            Task<McpToolSource>[] connecting = [.. definitions.Select((definition) => McpToolSource.ConnectAsync(definition, null, signal))];
            await ((Task)Task.WhenAll(connecting)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sources.AddRange(connecting.Where((task) => task.IsCompletedSuccessfully).Select((task) => task.Result));
            foreach (Task<McpToolSource> task in connecting) await AddAsync(task, options.Tools).ConfigureAwait(false);
            foreach (McpToolSource source in sources) ShowSkipped(source);
            using ILoggerFactory loggers = LoggerFactory.Create(static (logging) => ErrorLog.AddTo(logging, all: false));
            var enclave = new EnclaveHost(options, loggers);
            await using (enclave.ConfigureAwait(false))
            {
                RunOptions run = s_run with { Tenant = request.Tenant };
                var served = new CodeServerOptions { Description = request.Description, YieldAfter = request.YieldAfter, Run = run };
                await use(enclave, served).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (signal.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        catch (McpSourceException fault)
        {
            terminal.Fail(fault.Message);
            return ExitCode.HostFailed;
        }
        finally
        {
            foreach (McpToolSource source in sources) await source.DisposeAsync().ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private void ShowSkipped(McpToolSource source)
    {
        if (source.Skipped.Count == 0) return;
        string tools = source.Tools.Count == 1 ? "1 tool" : $"{source.Tools.Count} tools";
        terminal.Error.WriteLine($"{source.Name}: {tools}, {source.Skipped.Count} left out", Ink.Warning);
        foreach (string tool in source.Skipped) terminal.Error.WriteLine($"  {tool}", Ink.Faint);
    }

    private static McpSourceOptions Definition(string server, McpRequest request)
    {
        McpSourceOptions definition = ServerDefinition.Read(server) with { Approval = request.Approval };
        if (request.ConnectTimeout is { } patience) definition = definition with { ConnectTimeout = patience };
        return request.ToolTimeout is { } time ? definition with { CallTimeout = time } : definition;
    }

    /// <exception cref="UsageException">The definition is beyond a range, or its name is taken.</exception>
    private static async Task AddAsync(Task<McpToolSource> connecting, ToolCollection tools)
    {
        try
        {
            tools.Add(await connecting.ConfigureAwait(false));
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException($"--server: {OptionFaults.TextOf(wrong)}");
        }
    }
}
