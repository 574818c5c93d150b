using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Enclave.RabbitMq.Tests.Servers;

/// <summary>An authority, and a certificate for <c>localhost</c> that it signed, as files.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-rabbit-tls-");

    public ServerCertificate()
    {
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1), to = from.AddDays(30);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("CN=tests", authorityKey, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = asked.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = server.Create(authority, from, to, [1, 2, 3]);
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile => Path.Combine(_folder.FullName, "authority.pem");

    public string CertificateFile => Path.Combine(_folder.FullName, "server.pem");

    public string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    public void Dispose() => _folder.Delete(recursive: true);
}
