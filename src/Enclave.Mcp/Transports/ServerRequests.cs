namespace Enclave.Mcp.Transports;

/// <summary>
/// Requests to a server: with its credentials as they are now, and with bounded answers. No redirect is followed, which would take the credentials elsewhere.
/// </summary>
internal sealed class ServerRequests(McpSourceOptions options, SourceSecrets secrets) : DelegatingHandler(new SocketsHttpHandler
{
    AllowAutoRedirect = false,
    UseCookies = false,
    UseProxy = true,
    ConnectTimeout = options.ConnectTimeout,
    PooledConnectionLifetime = TimeSpan.FromMinutes(15),
})
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach ((string name, string value) in options.Headers) request.Headers.TryAddWithoutValidation(name, value);
        foreach ((string name, string text) in options.SecretHeaders)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, await secrets.FillAsync(text, cancellationToken).ConfigureAwait(false));
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        bool isEvents = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        response.Content = new BoundedContent(
            response.Content, (body) => new BoundedMessages(body, isEvents ? MessageBoundary.EmptyLine : MessageBoundary.End, options.MaxMessageBytes,
                options.MaxMessagesPerSecond, options.TimeProvider));
        return response;
    }
}
