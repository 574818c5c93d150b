using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Enclave.Networks;

namespace Enclave.Mcp.Transports;

/// <summary>
/// Requests to a server, with its current credentials, and to the authorization servers that it names. The size of answers is limited. Redirects are not
/// followed, because they could send the credentials to another server.
/// </summary>
internal sealed class ServerRequests(McpSourceOptions options, SourceSecrets secrets, SignIn signIn) : DelegatingHandler(
    new NetworkReach([options.Address!.IdnHost, .. options.AuthorizationHosts]).CreateHandler(options.ConnectTimeout))
{
    private const string SessionHeader = "Mcp-Session-Id";

    private const int ErrorBytes = 4 << 10;

    private volatile bool _denied;

    /// <summary>True if the server's last answer was 401 or 403.</summary>
    public bool IsDenied => _denied;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        JsonNode? asked = null;
        if (request.Content is { } content)
        {
            // With its length: some servers and firewalls do not take a request in chunks.
            await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            if (address == options.Address
                && JsonRpc.HeadOf(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)) is (var id, HasMethod: true)) asked = id;
        }

        HttpResponseMessage response = IsServer(address)
            ? await AskServerAsync(request, cancellationToken).ConfigureAwait(false)
            : await signIn.AskAsync(address, () => base.SendAsync(request, cancellationToken)).ConfigureAwait(false);
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (address == options.Address)
        {
            _denied = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
            if (asked is not null) Expect(response, type);
        }

        bool isEvents = type == "text/event-stream";
        bool isMessage = address == options.Address && (isEvents || type == "application/json");
        response.Content = new BoundedContent(
            response.Content, (body) => new BoundedMessages(body, isEvents ? MessageBoundary.EmptyLine : MessageBoundary.End, options.MaxMessageBytes,
                options.MaxMessagesPerSecond, options.TimeProvider, isMessage ? (message) => MessageMender.Mend(message, asked) : null));
        if (response.StatusCode == HttpStatusCode.BadRequest && request.Headers.Contains(SessionHeader) && await IsOfSessionAsync(response, cancellationToken)
            .ConfigureAwait(false)) response.StatusCode = HttpStatusCode.NotFound;
        return response;
    }

    /// <summary>Refuses a response that is not an answer, and names what came instead.</summary>
    /// <exception cref="HttpRequestException">The response is a redirect, or has a type that no answer has.</exception>
    private static void Expect(HttpResponseMessage response, string? type)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400 && response.Headers.Location is { } target)
        {
            string place = target.IsAbsoluteUri ? target.GetLeftPart(UriPartial.Path) : target.OriginalString.Split('?')[0];
            response.Dispose();
            throw new HttpRequestException(
                $"the server answers {status} and names {place}: redirects are not followed, use that address if it is the server's");
        }

        if (status != 200 || type is null or "application/json" or "text/event-stream") return;
        response.Dispose();
        throw new HttpRequestException(
            $"the server answers with {type}, which is no answer of an MCP server: the address is another one's, or asks to sign in");
    }

    /// <summary>
    /// True if a server reports with 400 that it does not know the session any more, as many do in place of 404 (MCP 2025-03-26, session management).
    /// </summary>
    private static async Task<bool> IsOfSessionAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] said = new byte[ErrorBytes];
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        int read = await body.ReadAtLeastAsync(said, said.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        response.Content = new ByteArrayContent(said, 0, read);
        return Encoding.UTF8.GetString(said, 0, read).Contains("session", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<HttpResponseMessage> AskServerAsync(HttpRequestMessage request, CancellationToken token)
    {
        foreach ((string name, string value) in options.Headers) request.Headers.TryAddWithoutValidation(name, value);
        foreach ((string name, string text) in options.SecretHeaders)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, await secrets.FillAsync(text, token).ConfigureAwait(false));
        }

        return await base.SendAsync(request, token).ConfigureAwait(false);
    }

    private bool IsServer(Uri address) =>
        Uri.Compare(address, options.Address, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
