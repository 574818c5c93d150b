namespace Enclave.OpenApi;

/// <summary>The client of a service that has none of the application's.</summary>
internal static class ServiceClient
{
    /// <summary>No redirect is followed, no cookie kept, nothing unpacked: an answer is as large as it is, and comes from whoever was asked.</summary>
    public static HttpClient Make()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // Names may lead to other machines after a while.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // Kilobytes.
            MaxResponseHeadersLength = 32,
        };
        // Each call has a time of its own.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
