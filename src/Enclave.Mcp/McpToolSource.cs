using System.Diagnostics.CodeAnalysis;
using Enclave.Diagnostics;
using Enclave.Mcp.Clients;
using Enclave.Mcp.Diagnostics;
using Enclave.Mcp.Options;
using Enclave.Mcp.Tools;
using Enclave.Mcp.Transports;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace Enclave.Mcp;

/// <summary>
/// An MCP server whose tools are tools of scripts (docs/mcp.md). Add it to <see cref="EnclaveOptions.Tools"/> or <see cref="RunOptions.Tools"/>; it may be in
/// several, and lives until it is disposed.
/// </summary>
/// <example>
/// <code>
/// await using McpToolSource files = await McpToolSource.ConnectAsync(new McpSourceOptions { Name = "files", Command = new McpCommand("mcp-server-filesystem")
/// { Arguments = ["/srv/data"] } });
/// options.Tools.Add(files);
/// </code>
/// </example>
public sealed class McpToolSource : ToolSource, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_betweenReads = TimeSpan.FromSeconds(1);

    private readonly McpSourceOptions _options;
    private readonly ILogger _log;
    private readonly SourceSecrets _secrets;
    private readonly ServerLink _link;
    private readonly ToolListReader _reader;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private volatile ToolList _current = ToolList.None;
    private int _asked;
    private Task _following = Task.CompletedTask;

    private McpToolSource(McpSourceOptions options, ILoggerFactory? loggers)
    {
        _options = options;
        _log = SafeLogger.Of(loggers).CreateLogger("Enclave.Mcp");
        _secrets = new SourceSecrets(options);
        _link = new ServerLink(options, _secrets, _log) { ToolsChanged = Follow };
        _reader = new ToolListReader(options, new ToolCaller(_link, _secrets), _secrets);
    }

    /// <inheritdoc/>
    public override string Name => _options.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<ToolDefinition> Tools => _current.Tools;

    /// <summary>The tools of the server that cannot be tools of scripts, at most 500 of them, each with the reason.</summary>
    public IReadOnlyList<string> Skipped => _current.Skipped;

    /// <summary>Connects to a server and reads its tools.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names key, value and range.</exception>
    /// <exception cref="McpSourceException">The server does not start or answer, or is beyond a bound.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<McpToolSource> ConnectAsync(
        McpSourceOptions options, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        McpSourceOptionsCheck.Check(options);
        var source = new McpToolSource(options, loggers);
        try
        {
            await source.RefreshAsync(cancellationToken).ConfigureAwait(false);
            return source;
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A source without a connection and without tools; <see cref="RefreshAsync"/> connects.</summary>
    internal static McpToolSource Unconnected(McpSourceOptions options, ILoggerFactory? loggers) => new(options, loggers);

    /// <summary>
    /// Reads the server's tools again. This also happens without a call, when the server reports a change, and after a reconnect. If it fails, the tools stay
    /// as they were.
    /// </summary>
    /// <inheritdoc cref="ConnectAsync" path="/exception"/>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            McpClient client = await _link.ClientAsync(stop.Token).ConfigureAwait(false);
            ToolList before = _current;
            _current = await ReadAsync(client, stop.Token).ConfigureAwait(false);
            // Log each skipped tool once.
            foreach (string skipped in _current.Skipped.Except(before.Skipped, StringComparer.Ordinal)) McpLog.ToolSkipped(_log, Name, skipped);
            McpLog.ToolsRead(_log, Name, _current.Tools.Count, _current.Skipped.Count);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new McpSourceException(
                $"the tools of the MCP server {Name} cannot be read within {_options.ConnectTimeout.TotalSeconds:0.###} s (ConnectTimeout)");
        }
        catch (Exception fault) when (
            fault is McpException or IOException or HttpRequestException or TimeoutException or System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new McpSourceException($"the tools of the MCP server {Name} cannot be read: {_secrets.Mask.Of(fault.Message)}");
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Ends the connection, and the server if it was started here. Its tools fail from now on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    protected internal override bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool) => _current.ByName.TryGetValue(name, out tool);

    // The timeout ends the reading itself. A reading that continued would run beside the next one.
    private async Task<ToolList> ReadAsync(McpClient client, CancellationToken token)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token, timeout.Token);
        return await _reader.ReadAsync(client, _current, stop.Token).ConfigureAwait(false);
    }

    /// <summary>Schedules a reading of the tools. However often the server reports changes, they are read at most once a second.</summary>
    private void Follow()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0) _following = FollowAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            await Task.Delay(s_betweenReads, _options.TimeProvider, _ended.Token).ConfigureAwait(false);
            Volatile.Write(ref _asked, 0);
            await RefreshAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (McpSourceException fault)
        {
            McpLog.RefreshFailed(_log, Name, fault.Message);
        }
        catch (OperationCanceledException)
        {
            // Disposed meanwhile.
        }
    }
}
