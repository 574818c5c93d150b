using System.Security.Claims;
using Enclave.Limits;
using Enclave.Mcp.AspNetCore.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore.Sessions;

/// <summary>The conversation with one client.</summary>
internal sealed class HttpSession : IAsyncDisposable
{
    /// <summary>Bytes of messages that a session keeps for a client that comes back. The oldest are dropped first.</summary>
    private const int MaxKeptBytes = 512 << 10;

    /// <summary>The key of a request's end among the items of its message.</summary>
    private static readonly string s_end = typeof(HttpSession).FullName!;

    private readonly StreamableHttpServerTransport _transport;
    private readonly McpServer _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _served;
    private readonly McpEndpointOptions _options;
    private readonly TimeProvider _clock;
    private int _requests, _calls;
    private long _lastUsed;

    /// <param name="id">A random text. The session may be used by requests with this id and the same caller.</param>
    /// <param name="caller">The client that opened it.</param>
    /// <param name="payer">The name that it is counted under.</param>
    /// <param name="settings">The settings of this session's server.</param>
    /// <param name="options">The limits.</param>
    /// <param name="all">The bytes of all sessions.</param>
    /// <param name="clock">The clock of idleness.</param>
    /// <param name="loggers">The application's log.</param>
    public HttpSession(
        string id, McpCaller caller, string payer, McpServerOptions settings, McpEndpointOptions options, ByteBudget all, TimeProvider clock,
            ILoggerFactory loggers)
    {
        (Id, Caller, Payer, _options, _clock) = (id, caller, payer, options, clock);
        Events = new KeptMessages(id, payer, MaxKeptBytes, all, clock);
        _lastUsed = clock.GetTimestamp();
        settings.Filters.Request.CallToolFilters.Add((next) => (request, token) => CallAsync(next, request, token));
        // Without a log, because the library's lines would contain messages of clients.
        _transport = new StreamableHttpServerTransport(NullLoggerFactory.Instance) { SessionId = id, EventStreamStore = Events };
        _server = McpServer.Create(_transport, settings, loggers, null);
        _served = _server.RunAsync(_ended.Token);
    }

    public string Id { get; }

    public McpCaller Caller { get; }

    public string Payer { get; }

    public KeptMessages Events { get; }

    /// <summary>The time since the last request or call; zero while a request or a call is under way.</summary>
    public TimeSpan Idle => Volatile.Read(ref _requests) > 0 || Volatile.Read(ref _calls) > 0
        ? TimeSpan.Zero
        : _clock.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>Counts one HTTP request; false if there are too many at once.</summary>
    public bool TryBeginRequest()
    {
        if (Interlocked.Increment(ref _requests) <= _options.MaxRequestsPerSession) return true;
        EndRequest();
        return false;
    }

    public void EndRequest()
    {
        Volatile.Write(ref _lastUsed, _clock.GetTimestamp());
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>Passes a message to the server, and writes its answer.</summary>
    /// <returns>False if there is nothing to answer.</returns>
    /// <exception cref="OperationCanceledException">The client is gone, or the session has ended.</exception>
    public async Task<bool> PostAsync(JsonRpcMessage message, ClaimsPrincipal user, Stream answer, CancellationToken token)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        message.Context = new JsonRpcMessageContext { User = user, Items = new Dictionary<string, object?> { [s_end] = end } };
        try
        {
            return await _transport.HandlePostRequestAsync(message, answer, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !token.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>Ends its calls and requests, and removes its events.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _served.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _transport.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        Events.End();
    }

    private async ValueTask<CallToolResult> CallAsync(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next, RequestContext<CallToolRequestParams> request, CancellationToken token)
    {
        try
        {
            if (Interlocked.Increment(ref _calls) <= _options.MaxCallsPerSession) return await next(request, token).ConfigureAwait(false);
            string refusal = $"{_options.MaxCallsPerSession} calls of this session are under way (MaxCallsPerSession): wait for one of them.";
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = refusal }] };
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && !_ended.IsCancellationRequested)
        {
            // A cancelled request gets no answer, so nothing else would end its stream.
            Events.Abandon($"{request.JsonRpcRequest.Id}");
            if (request.Items.TryGetValue(s_end, out object? end)) await EndAsync((CancellationTokenSource)end!).ConfigureAwait(false);
            throw;
        }
        finally
        {
            Volatile.Write(ref _lastUsed, _clock.GetTimestamp());
            Interlocked.Decrement(ref _calls);
        }
    }

    private static async Task EndAsync(CancellationTokenSource request)
    {
        try
        {
            await request.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The request has already ended.
        }
    }
}
