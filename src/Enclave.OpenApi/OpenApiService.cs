using System.Diagnostics.CodeAnalysis;
using Enclave.Networks;
using Enclave.OpenApi;
using Enclave.Tools;

namespace Enclave;

/// <summary>
/// A service whose operations are tools, as its OpenAPI document describes them (docs/openapi.md). Add it to <see cref="EnclaveOptions.Tools"/> of one or
/// several hosts. It lives until it is disposed.
/// </summary>
/// <example>
/// <code>
/// using OpenApiService pets = await OpenApiService.LoadAsync(new OpenApiOptions { Name = "pets", Document = "pets.json", BaseAddress = new
/// Uri("https://pets.example/v1") }); options.Tools.Add(pets);
/// </code>
/// </example>
public sealed class OpenApiService : ToolSource, IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);

    private readonly DocumentSource _source;
    private readonly HttpClient? _own;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly NetworkReach _reach;
    private volatile ServiceTools _current = ServiceTools.None;

    /// <summary>Creates a service without its document.</summary>
    internal OpenApiService(OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OpenApiOptionsCheck.Check(options);
        Options = options;
        _source = new DocumentSource(options);
        _reach = new NetworkReach(new[] { options.BaseAddress, _source.Address }.OfType<Uri>().Select((address) => address.IdnHost));
        // Each call has its own timeout.
        if (options.HttpClient is null) _own = new HttpClient(_reach.CreateHandler(s_connectTimeout)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The part of the tools' names before the colon.</summary>
    public override string Name => Options.Name;

    /// <summary>The present tools, in the document's order.</summary>
    public override IReadOnlyList<ToolDefinition> Tools => _current.Tools;

    /// <summary>
    /// The operations that could not become tools, at most 500 of them, each with the reason: <c>POST /photos: its body is neither JSON, a form nor text</c>.
    /// </summary>
    public IReadOnlyList<string> Skipped => _current.Skipped;

    /// <summary>How many there are, and the most frequent reasons; empty if there are none.</summary>
    internal string WhySkipped => _current.WhySkipped;

    /// <summary>The time of the document's last change.</summary>
    public DateTimeOffset LastUpdated => _current.Updated;

    /// <summary>Changes with the names, the schemas and the descriptions of the tools. Empty before the document was read.</summary>
    public string Version => _current.Version;

    /// <summary>The address of the document; null if it does not come from one.</summary>
    public Uri? DocumentAddress => Options.SpecUrl;

    /// <summary>Raised after each change with the tools as they were before; never for two changes at once.</summary>
    public event Action<IReadOnlyList<ToolDefinition>>? Changed;

    internal OpenApiOptions Options { get; }

    /// <summary>Reads a service's document.</summary>
    /// <exception cref="ArgumentException">An option is out of its range. The message names key, value and range.</exception>
    /// <exception cref="OpenApiException">The document is not available, cannot be read, or exceeds a limit.</exception>
    public static async Task<OpenApiService> LoadAsync(OpenApiOptions options, CancellationToken cancellationToken = default)
    {
        var service = new OpenApiService(options);
        try
        {
            await service.RefreshAsync(cancellationToken).ConfigureAwait(false);
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>Reads the document again. Hosts have the new tools at once, and running calls end with the old ones. If it fails, nothing changes.</summary>
    /// <returns>True if anything changed.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ReadOnlyMemory<byte> document = await _source.ReadAsync(Client, cancellationToken).ConfigureAwait(false);
            if (Options.ToJson is { } toJson) document = toJson(document, Options.MaxDocumentBytes);
            ServiceTools before = _current, after = new ServiceReader(Options, _source.Address, _reach, before, SendAsync).Read(document);
            bool isChanged = before.Address is null || before.Version != after.Version;
            _current = after;
            if (isChanged) Changed?.Invoke(before.Tools);
            return isChanged;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    protected internal override bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool) => _current.ByName.TryGetValue(name, out tool);

    /// <summary>Closes the service's connections. Its tools fail from now on, unless the client is the application's own.</summary>
    public void Dispose()
    {
        _own?.Dispose();
        _reading.Dispose();
    }

    private HttpClient Client => _own ?? Options.HttpClient!();

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
}
