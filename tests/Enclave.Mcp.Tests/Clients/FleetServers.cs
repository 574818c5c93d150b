using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>50 servers with 2,000 tools, in one process of node: <c>tests/Enclave.Mcp.Tests/fleet</c>.</summary>
internal sealed class FleetServers : IDisposable
{
    private static readonly string s_program = Path.Combine(Repository.Root, "tests", "Enclave.Mcp.Tests", "fleet", "servers.mjs");

    private readonly Process _process;
    private readonly string _port;

    private FleetServers(Process process, string port) => (_process, _port) = (process, port);

    public static async Task<FleetServers> StartAsync(CancellationToken token)
    {
        Process process = Start("http");
        return new FleetServers(process, await process.StandardOutput.ReadLineAsync(token) ?? throw new InvalidOperationException("the servers did not start"));
    }

    /// <summary>The tasks, each with the tool that it needs.</summary>
    public static async Task<(string Task, string Tool)[]> TasksAsync(CancellationToken token)
    {
        using Process process = Start("tasks");
        JsonElement tasks = JsonElement.Parse(await process.StandardOutput.ReadToEndAsync(token));
        return [.. tasks.EnumerateArray().Select((task) => (task.GetProperty("task").GetString()!, task.GetProperty("tool").GetString()!))];
    }

    /// <summary>Connects to all of them, over HTTP; and to those that are named by a process of their own.</summary>
    public Task<McpToolSource[]> ConnectAsync(IReadOnlyCollection<string> names, IReadOnlyCollection<string> overPipes, CancellationToken token) =>
        Task.WhenAll(names.Select((name) => McpToolSource.ConnectAsync(overPipes.Contains(name)

            ? new McpSourceOptions { Name = name, Command = new McpCommand(NpmServer.Node) { Arguments = [s_program, "stdio", name] } }
            : new McpSourceOptions { Name = name, Address = new Uri($"http://127.0.0.1:{_port}/{name}") }, null, token)));

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Start(string mode) => Process.Start(
        new ProcessStartInfo(NpmServer.Node, [s_program, mode]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
