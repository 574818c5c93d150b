using System.Net;
using Enclave.Networks;

namespace Enclave.Mcp.Transports;

/// <summary>
/// Requests to a server, with its current credentials, and to the authorization servers that it names. The size of answers is limited. Redirects are not
/// followed, because they could send the credentials to another server.
/// </summary>
internal sealed class ServerRequests(McpSourceOptions options, SourceSecrets secrets, SignIn signIn) : DelegatingHandler(
    new NetworkReach([options.Address!.IdnHost, .. options.AuthorizationHosts]).CreateHandler(options.ConnectTimeout))
{
    private volatile bool _denied;

    /// <summary>True if the server's last answer was 401 or 403.</summary>
    public bool IsDenied => _denied;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        HttpResponseMessage response = IsServer(address)
            ? await AskServerAsync(request, cancellationToken).ConfigureAwait(false)
            : await signIn.AskAsync(address, () => base.SendAsync(request, cancellationToken)).ConfigureAwait(false);
        if (address == options.Address) _denied = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        bool isEvents = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        response.Content = new BoundedContent(
            response.Content, (body) => new BoundedMessages(body, isEvents ? MessageBoundary.EmptyLine : MessageBoundary.End, options.MaxMessageBytes,
                options.MaxMessagesPerSecond, options.TimeProvider));
        return response;
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
