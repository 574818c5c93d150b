using Enclave.Limits;
using Enclave.Mcp.Diagnostics;
using Enclave.Mcp.Transports;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace Enclave.Mcp.Clients;

/// <summary>
/// The connection to a server: opened on first use, and opened again after a loss. After failures it waits longer between attempts.
/// </summary>
internal sealed class ServerLink(McpSourceOptions options, SourceSecrets secrets, ILogger log) : IAsyncDisposable
{
    private static readonly RetryDelay s_pause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly SignIn _signIn = new(options, secrets);
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private LiveClient? _live;
    private int _failures;
    private long _failedAt;
    private int _connections;

    /// <summary>Called when the server reports changed tools, and after each new connection except the first.</summary>
    public Action ToolsChanged { get; set; } = static () => { };

    /// <summary>Returns the connection, and opens it if necessary.</summary>
    /// <exception cref="McpSourceException">The server cannot be reached at the moment.</exception>
    public async Task<McpClient> ClientAsync(CancellationToken token)
    {
        if (Volatile.Read(ref _live) is { HasEnded: false } live) return live.Client;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token, _ended.Token);
        try
        {
            await _connecting.WaitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw Ended();
        }

        try
        {
            if (Volatile.Read(ref _live) is { HasEnded: false } other) return other.Client;
            return await ConnectAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw _ended.IsCancellationRequested ? Ended() : new McpSourceException($"the MCP server {options.Name} did not answer");
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Closes the connection, because a request over it has failed.</summary>
    public void Abandon(McpClient client)
    {
        if (Volatile.Read(ref _live) is { } live && live.Client == client && Interlocked.CompareExchange(ref _live, null, live) == live)
            _ = live.DisposeAsync().AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _connecting.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _live, null) is { } live) await live.DisposeAsync().ConfigureAwait(false);
        _connecting.Release();
    }

    private async Task<McpClient> ConnectAsync(CancellationToken token)
    {
        if (_ended.IsCancellationRequested) throw Ended();
        if (_failures > 0 && options.TimeProvider.GetElapsedTime(_failedAt) < s_pause.After(_failures))
            throw new McpSourceException($"the MCP server {options.Name} is not connected");
        if (Interlocked.Exchange(ref _live, null) is { } lost)
        {
            McpLog.Disconnected(log, options.Name, "the connection has ended");
            await lost.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            LiveClient live = await LiveClient.OpenAsync(options, secrets, _signIn, () => ToolsChanged(), token).ConfigureAwait(false);
            _failures = 0;
            Volatile.Write(ref _live, live);
            if (_connections++ > 0) ToolsChanged();
            return live.Client;
        }
        catch (McpSourceException fault)
        {
            _failedAt = options.TimeProvider.GetTimestamp();
            _failures++;
            McpLog.Disconnected(log, options.Name, fault.Message);
            throw new McpSourceException($"the MCP server {options.Name} cannot be used: {fault.Message}");
        }
    }

    private McpSourceException Ended() => new($"the MCP server {options.Name} is disposed");
}
