using System.Text.Json;
using Enclave.Mcp.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Clients;

/// <summary>One connection to a server, from its first message to its end.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private static readonly string[] s_olderRevisions = ["2025-11-25", "2025-06-18", "2025-03-26"];

    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(3);

    private readonly ServerProcess? _process;
    private readonly HttpClientTransport? _http;
    private readonly TimeProvider _clock;

    private LiveClient(McpClient client, ServerProcess? process, HttpClientTransport? http, TimeProvider clock) =>
        (Client, _process, _http, _clock) = (client, process, http, clock);

    public McpClient Client { get; }

    /// <summary>True if the connection has ended.</summary>
    public bool HasEnded => Client.Completion.IsCompleted || _process is { HasEnded: true };

    /// <param name="options">The server.</param>
    /// <param name="secrets">Its secrets.</param>
    /// <param name="signIn">The sign-in to it.</param>
    /// <param name="toolsChanged">Called when the server reports changed tools.</param>
    /// <param name="token">Ends the attempt.</param>
    /// <exception cref="McpSourceException">The server does not start, or does not speak the protocol. The message holds no secret.</exception>
    public static async Task<LiveClient> OpenAsync(
        McpSourceOptions options, SourceSecrets secrets, SignIn signIn, Action toolsChanged, CancellationToken token)
    {
        var settings = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "enclave", Version = typeof(LiveClient).Assembly.GetName().Version?.ToString(3) ?? "0" },
            InitializationTimeout = signIn.ConnectTimeout,
            TimeProvider = options.TimeProvider,
            Handlers = new McpClientHandlers { NotificationHandlers = [KeyValuePair.Create(NotificationMethods.ToolListChangedNotification, Changed)] },
        };
        // The newest revision begins with a request that some servers answer in a wrong form. Then older revisions are tried.
        foreach (string revision in s_olderRevisions)
        {
            try
            {
                return await OnceAsync().ConfigureAwait(false);
            }
            catch (McpSourceException fault) when (fault.IsOfRevision)
            {
                settings.ProtocolVersion = revision;
            }
        }

        return await OnceAsync().ConfigureAwait(false);

        Task<LiveClient> OnceAsync() => options.Command is null
            ? OverHttpAsync(options, secrets, signIn, settings, token)
            : OverPipesAsync(options, secrets, settings, token);

        ValueTask Changed(JsonRpcNotification notification, CancellationToken cancelled)
        {
            toolsChanged();
            return ValueTask.CompletedTask;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A server that does not answer a goodbye is left alone.
        await Client.DisposeAsync().AsTask().WaitAsync(s_goodbye, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_process is not null) await _process.DisposeAsync().ConfigureAwait(false);
        if (_http is not null) await _http.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<LiveClient> OverPipesAsync(McpSourceOptions options, SourceSecrets secrets, McpClientOptions settings, CancellationToken token)
    {
        McpCommand command = options.Command!;
        var environment = new Dictionary<string, string>(command.Environment, StringComparer.Ordinal);
        foreach ((string variable, string text) in command.SecretEnvironment)
            environment[variable] = await secrets.FillAsync(text, token).ConfigureAwait(false);
        ServerProcess process = ServerProcess.Start(command, environment, options.TimeProvider);
        try
        {
            var output = new BoundedMessages(
                process.Output, MessageBoundary.Line, options.MaxMessageBytes, options.MaxMessagesPerSecond, options.TimeProvider,
                static (message) => MessageMender.Mend(message));
            var input = new PatientInput(process.Input, options.ConnectTimeout, process.Kill, options.TimeProvider);
            McpClient client = await ConnectAsync(new StreamClientTransport(input, output), settings, options, token).ConfigureAwait(false);
            return new LiveClient(client, process, null, options.TimeProvider);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            int? exitCode = await process.ExitCodeAsync().ConfigureAwait(false);
            await process.DisposeAsync().ConfigureAwait(false);
            throw new McpSourceException(secrets.Mask.Of(WhyNot(command, exitCode, fault, process.Errors.Trim()))) { IsOfRevision = IsOfRevision(fault) };
        }
        catch
        {
            process.Kill();
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<LiveClient> OverHttpAsync(
        McpSourceOptions options, SourceSecrets secrets, SignIn signIn, McpClientOptions settings, CancellationToken token)
    {
        var requests = new ServerRequests(options, secrets, signIn);
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = options.Address!,
                TransportMode = HttpTransportMode.StreamableHttp,
                ConnectionTimeout = signIn.ConnectTimeout,
                Name = options.Name,
                OAuth = signIn.Settings(),
            },
            new HttpClient(requests) { Timeout = Timeout.InfiniteTimeSpan },
            NullLoggerFactory.Instance,
            ownsHttpClient: true);
        try
        {
            return new LiveClient(await ConnectAsync(transport, settings, options, token).ConfigureAwait(false), null, transport, options.TimeProvider);
        }
        catch (Exception fault)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            if (fault is OperationCanceledException) throw;
            // After a refused sign-in no other revision is tried: that would ask the person again.
            string why = !requests.IsDenied ? fault.Message
                : signIn.Failure is { } failure ? $"the sign-in failed: {failure}"
                : options.OAuth is null ? $"{fault.Message} It asks for credentials: SecretHeaders has a token, OAuth signs in."
                : fault.Message;
            throw new McpSourceException(secrets.Mask.Of(why)) { IsOfRevision = !requests.IsDenied && IsOfRevision(fault) };
        }
    }

    private static string WhyNot(McpCommand command, int? exitCode, Exception fault, string errors)
    {
        string why = exitCode is { } code ? $"it ended with exit code {code} before it answered" : fault.Message;
        if (errors.Length > 0) why = $"{why.TrimEnd('.')}. It wrote: {errors}";
        return $"{why.TrimEnd('.')}. Run {command.Program} with its arguments by hand: it must speak MCP on standard input and output.";
    }

    private static bool IsOfRevision(Exception fault) => fault is JsonException or McpException
        && !fault.Message.Contains("timed out", StringComparison.OrdinalIgnoreCase);

    // Without a log, because the library's lines may contain any text of a server.
    private static async Task<McpClient> ConnectAsync(IClientTransport transport, McpClientOptions settings, McpSourceOptions options, CancellationToken token)
    {
        TimeSpan time = settings.InitializationTimeout;
        try
        {
            return await McpClient.CreateAsync(transport, settings, NullLoggerFactory.Instance, token)
                .WaitAsync(time, options.TimeProvider, token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            string bound = time > options.ConnectTimeout ? "ConnectTimeout and SignInTimeout" : "ConnectTimeout; --connect-timeout at the command line";
            throw new McpSourceException($"there was no answer within {time.TotalSeconds:0.###} s ({bound})");
        }
    }
}
