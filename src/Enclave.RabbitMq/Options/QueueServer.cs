using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Enclave.RabbitMq.Options;

/// <summary>The server, as its address names it.</summary>
internal static class QueueServer
{
    /// <summary>The largest frame. A table within a table takes six bytes or more, so that one frame nests them about 5,000 deep at most.</summary>
    private const int MaxFrame = 32 << 10;

    private const string Authorities = "cacertfile", ServerName = "server_name_indication";

    /// <summary>Returns a factory of connections to the server.</summary>
    /// <exception cref="IOException">The file with the authorities cannot be read.</exception>
    /// <exception cref="ArgumentException">The address has an unknown part.</exception>
    public static ConnectionFactory Factory(QueueOptions options, string name)
    {
        Uri address = options.Address!;
        var factory = new ConnectionFactory
        {
            Uri = new UriBuilder(address) { Query = "" }.Uri,
            ClientProvidedName = name,
            // Our own recovery keeps track of the sessions.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedFrameMax = MaxFrame,
            RequestedConnectionTimeout = options.ConnectTimeout,
            HandshakeContinuationTimeout = options.ConnectTimeout,
            ContinuationTimeout = options.ConnectTimeout,
            SocketReadTimeout = options.Silence,
            SocketWriteTimeout = options.Silence,
            RequestedHeartbeat = options.Silence < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : options.Silence,
        };
        string? authorities = null, server = null;
        foreach (string part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            string value = pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : "";
            switch (pair[0])
            {
                case Authorities: authorities = value; break;
                case ServerName: server = value; break;
                default:
                    throw new ArgumentException(
                    $"the address of the RabbitMQ server has the parameter '{pair[0]}'; only {Authorities} and {ServerName} are known", nameof(options));
            }
        }

        if (address.Scheme != "amqps")
        {
            if (authorities is not null || server is not null)
                throw new ArgumentException($"{Authorities} and {ServerName} are only for amqps", nameof(options));
            // A server with TLS has proved who it is before its first frame.
            factory.SocketFactory = (family) => new BoundedSocket(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, MaxFrame);
            return factory;
        }

        factory.Ssl.Enabled = true;
        factory.Ssl.ServerName = server ?? address.Host;
        if (authorities is not null)
        {
            var believed = new X509Certificate2Collection();
            try
            {
                believed.ImportFromPemFile(authorities);
            }
            catch (Exception fault) when (fault is System.Security.Cryptography.CryptographicException or UnauthorizedAccessException)
            {
                throw new IOException($"{Authorities} {authorities}: {fault.Message}", fault);
            }

            if (believed.Count == 0) throw new IOException($"{Authorities} {authorities} contains no certificate");
            factory.Ssl.CertificateValidationCallback = (_, certificate, _, errors) => IsSigned(certificate as X509Certificate2, errors, believed);
        }

        return factory;
    }

    /// <summary>True if the server or the connection failed, so that trying again may help.</summary>
    public static bool IsGone(Exception fault) =>
        fault is RabbitMQClientException or IOException or OperationCanceledException or InvalidOperationException or TimeoutException;

    /// <summary>True if one of these authorities signed the certificate and its name is right.</summary>
    private static bool IsSigned(X509Certificate2? certificate, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
