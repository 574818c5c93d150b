using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enclave.Cli.Commands;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Enclave.Cli.Http;

/// <summary>
/// The certificate of a server and its key, from files in PEM. They are read again when they change; the old ones hold until the new ones fit.
/// </summary>
internal sealed class ServerCertificate : IDisposable
{
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    private readonly string _certificateFile, _keyFile;
    private readonly Action<string> _warn;
    private readonly Timer _timer;
    private volatile SslServerAuthenticationOptions _current;
    private string _read;
    private int _isLooking;

    private ServerCertificate(string certificateFile, string keyFile, Action<string> warn)
    {
        (_certificateFile, _keyFile, _warn) = (certificateFile, keyFile, warn);
        (string certificate, string key) = (Text(certificateFile), Text(keyFile));
        (_current, _read) = (Options(certificate, key), certificate + key);
        _timer = new Timer((_) => Look(), null, s_look, s_look);
    }

    /// <summary>The certificate of handshakes that begin now.</summary>
    public SslServerAuthenticationOptions Current => _current;

    /// <summary>Reads the files; null if none are named.</summary>
    /// <param name="certificateFile">The certificate, and behind it those of its issuers.</param>
    /// <param name="keyFile">Its key, not encrypted.</param>
    /// <param name="warn">Called with the reason why changed files are not used.</param>
    /// <exception cref="UsageException">One of them is missing, cannot be read, or the key does not belong to the certificate.</exception>
    public static ServerCertificate? Read(string? certificateFile, string? keyFile, Action<string> warn)
    {
        if (certificateFile is null && keyFile is null) return null;
        if (certificateFile is null || keyFile is null) throw new UsageException("--tls-certificate and --tls-key belong together: give both.");
        try
        {
            return new ServerCertificate(certificateFile, keyFile, warn);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw new UsageException($"--tls-certificate {certificateFile} with --tls-key {keyFile}: {fault.Message}");
        }
    }

    public TlsHandshakeCallbackOptions Handshakes(TimeSpan timeout) => new()
    {
        HandshakeTimeout = timeout,
        OnConnection = (_) => ValueTask.FromResult(_current),
    };

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A slow file system holds one thread, not one more every two seconds.
        if (Interlocked.Exchange(ref _isLooking, 1) == 1) return;
        try
        {
            (string certificate, string key) = (Text(_certificateFile), Text(_keyFile));
            if (_read == certificate + key) return;
            _read = certificate + key;
            _current = Options(certificate, key);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            // The files may be in the middle of a change: one is written, and the other not yet.
            _warn($"the changed --tls-certificate {_certificateFile} is not used yet: {fault.Message}");
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private static SslServerAuthenticationOptions Options(string certificate, string key)
    {
        X509Certificate2 own = X509Certificate2.CreateFromPem(certificate, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        return new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true) };
    }

    private static string Text(string file)
    {
        if (TextFile.Read(file, MaxBytes) is { } text) return text;
        throw new UsageException($"{file} is larger than {MaxBytes} bytes");
    }

    private static bool IsFault(Exception fault) => fault is UsageException or IOException or UnauthorizedAccessException or CryptographicException
        or ArgumentException;
}
