using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;

namespace Enclave.Streaming.Channels;

/// <summary>Opens a WebSocket at its address and at no other: the handler that .NET makes for one follows redirects.</summary>
internal static class DirectHttp
{
    /// <summary>Makes the handler, and moves the settings to it that .NET takes from the handler.</summary>
    /// <param name="options">The options of a socket that is not connected yet.</param>
    /// <param name="usualProxy">The proxy that a new socket's options have, which stands for the environment's.</param>
    public static HttpMessageInvoker Take(ClientWebSocketOptions options, IWebProxy? usualProxy)
    {
        bool isUsual = ReferenceEquals(options.Proxy, usualProxy);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = options.Cookies is not null,
            UseProxy = options.Proxy is not null,
            Proxy = isUsual ? null : options.Proxy,
            Credentials = options.UseDefaultCredentials ? CredentialCache.DefaultCredentials : options.Credentials,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback },
        };
        if (options.Cookies is { } cookies) handler.CookieContainer = cookies;
        if (options.ClientCertificates is { Count: > 0 } certificates) handler.SslOptions.ClientCertificates = new X509CertificateCollection(certificates);
        (options.UseDefaultCredentials, options.Credentials, options.Cookies) = (false, null, null);
        (options.RemoteCertificateValidationCallback, options.ClientCertificates) = (null, new X509CertificateCollection());
        if (!isUsual) options.Proxy = usualProxy;
        return new HttpMessageInvoker(handler);
    }
}
