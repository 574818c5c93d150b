using System.Collections.Frozen;
using Enclave.Networks;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave.Fetch;

/// <summary>The requests of one call: the script's, and those that its redirects lead to.</summary>
internal sealed class FetchExchange(FetchOptions options, FetchPolicy policy, HttpMessageInvoker client, ToolContext context)
{
    /// <summary>Response headers that scripts do not see. Cookies are credentials. The others describe the connection and the compressed body.</summary>
    private static readonly FrozenSet<string> s_hidden = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Set-Cookie", "Set-Cookie2", "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection", "Trailer",
        "Transfer-Encoding", "Upgrade", "Content-Encoding", "Content-Length");

    /// <summary>False if a redirect to another origin fails, because only the first address was approved.</summary>
    public bool FollowsElsewhere { get; init; }

    /// <exception cref="ToolException">The request is refused, or fails.</exception>
    public async Task<ScriptValue> RunAsync(ScriptValue arguments, CancellationToken token)
    {
        FetchMessage message = FetchMessage.Read(arguments, options.MaxRequestBytes, context);
        Uri address = FetchPolicy.Read(arguments["url"].AsString());
        string redirect = arguments["redirect"] is { Kind: ScriptValueKind.String } mode ? mode.AsString() : "follow";
        for (int redirects = 0; ; redirects++)
        {
            // Judge each address of the redirects anew: its origin, its allowed tenants, its credential.
            FetchOrigin origin = policy.Judge(address, message.Method, context.Tenant);
            if (context.AllowsOrigin?.Invoke(address) == false)
                throw FetchPolicy.Refused($"{address.GetLeftPart(UriPartial.Authority)} is not open to this tenant (Origins of its policy)");
            using HttpResponseMessage response = await SendAsync(message, address, origin, token).ConfigureAwait(false);
            if (redirect == "manual" || Location(response) is not { } location)
                return await ValueAsync(response, message, address, origin, redirects > 0, token).ConfigureAwait(false);
            Uri next = Next(location, address, redirect, redirects);
            message = message.After((int)response.StatusCode, IsElsewhere(next, address));
            address = next;
        }
    }

    private static string? Location(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.NonValidated.TryGetValues("Location", out var values)
            ? values.ToString()
            : null;

    private static bool IsElsewhere(Uri next, Uri before) => next.GetLeftPart(UriPartial.Authority) != before.GetLeftPart(UriPartial.Authority);

    private Uri Next(string location, Uri before, string redirect, int redirects)
    {
        if (redirect == "error") throw Redirected("the answer is a redirect, and the request says redirect: 'error'");
        if (redirects == options.MaxRedirects) throw Redirected($"the request was redirected {redirects} times, the most allowed (Fetch.MaxRedirects)");
        Uri next = FetchPolicy.Read(location, before);
        if (!FollowsElsewhere && IsElsewhere(next, before)) throw Redirected(
            $"the answer is a redirect to {next.GetLeftPart(UriPartial.Authority)}, which was not approved: ask it in a call of its own");
        return next;
    }

    private async Task<HttpResponseMessage> SendAsync(FetchMessage message, Uri address, FetchOrigin origin, CancellationToken token)
    {
        FetchBody.Count(context, message.Body?.Length ?? 0, options.MaxBytesPerRun);
        string secret = origin.Credential is null ? "" : await context.Secrets.FindAsync(origin.Credential.Secret, token).ConfigureAwait(false);
        using HttpRequestMessage request = message.At(address, origin.Credential, secret);
        try
        {
            return await client.SendAsync(request, token).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsOfNetwork(fault, token))
        {
            throw Failed(address, fault);
        }
    }

    private async Task<ScriptValue> ValueAsync(
        HttpResponseMessage response, FetchMessage message, Uri address, FetchOrigin origin, bool redirected, CancellationToken token)
    {
        byte[]? body = null;
        if (message.Method != "HEAD" && (int)response.StatusCode is not (204 or 205 or 304))
        {
            var reader = new FetchBody(origin.MaxResponseBytes ?? options.MaxResponseBytes, options.MaxBytesPerRun, context);
            try
            {
                body = await reader.ReadAsync(response.Content, token).ConfigureAwait(false);
            }
            catch (Exception fault) when (IsOfNetwork(fault, token))
            {
                throw Failed(address, fault);
            }
        }

        return ScriptValue.From(new Dictionary<string, object?>
        {
            ["status"] = (int)response.StatusCode,
            ["statusText"] = response.ReasonPhrase ?? "",
            // The address of the script or the redirect, without the credential that the host may have added to the query.
            ["url"] = address.AbsoluteUri,
            ["redirected"] = redirected,
            ["headers"] = Headers(response),
            ["body"] = body is null ? ScriptValue.Null : ScriptValue.OfBytes(body),
        });
    }

    private static string[][] Headers(HttpResponseMessage response) =>
    [
        .. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).Where((header) => !s_hidden.Contains(header.Key))
            .SelectMany((header) => header.Value, (header, value) => new[] { header.Key, value }),
    ];

    private static bool IsOfNetwork(Exception fault, CancellationToken token) =>
        fault is HttpRequestException or IOException or InvalidDataException || (fault is OperationCanceledException && !token.IsCancellationRequested);

    /// <summary>The failure of a connection. The message has no IP addresses, because they belong to the operator's network.</summary>
    private static ToolException Failed(Uri address, Exception fault)
    {
        string why = fault switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS failed",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                "no connection: nothing listens there, or its name leads into a network where it may not",
            OperationCanceledException => "it did not accept the connection in time",
            InvalidDataException => "the body is not compressed as it says",
            _ => "the answer is no HTTP, or ended early",
        };
        return ToolFault.Of(ToolCode.FetchFailed, $"fetch of {address.GetLeftPart(UriPartial.Authority)} failed: {why}", fault);
    }

    private static ToolException Redirected(string why) => ToolFault.Of(ToolCode.HttpRedirected, $"fetch failed: {why}");
}
