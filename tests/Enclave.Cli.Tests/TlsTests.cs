using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>TLS of the commands that serve.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Secret = "a-secret-of-some-length";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broker_speaks_tls_and_takes_a_renewed_certificate_without_a_stop()
    {
        string first = Renew();
        await using CliProcess cli = Start("serve", "127.0.0.1");
        var address = new Uri(JsonElement.Parse(await cli.NextLineAsync("the start")).GetProperty("listening").GetString()!);

        Assert.Equal("https", address.Scheme);
        Assert.Equal((first, HttpStatusCode.OK), await AskAsync(address));
        // Half a renewal: the certificate without its key.
        await File.WriteAllTextAsync(Path("tls.crt"), New().Certificate, TestContext.Current.CancellationToken);
        Assert.Equal((first, HttpStatusCode.OK), await AskAsync(address));
        string second = Renew();

        await Within.Becomes(() => AskAsync(address).GetAwaiter().GetResult() == (second, HttpStatusCode.OK), "the new certificate is presented");
        using var clear = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => clear.GetAsync(new Uri($"http://127.0.0.1:{address.Port}/health")));
    }

    [Fact]
    public async Task A_runtime_speaks_tls()
    {
        string thumbprint = Renew();
        await using CliProcess cli = Start("runtime", "127.0.0.1");
        var address = new Uri(JsonElement.Parse(await cli.NextLineAsync("the start")).GetProperty("listening").GetString()!);
        using var socket = new ClientWebSocket();
        string? shown = null;
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Secret}");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            shown = certificate?.GetCertHashString();
            return shown == thumbprint;
        };

        await socket.ConnectAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(("wss", thumbprint, WebSocketState.Open), (address.Scheme, shown, socket.State));
    }

    [Theory]
    [InlineData("serve", "0.0.0.0", false, true)]
    [InlineData("runtime", "0.0.0.0", false, true)]
    [InlineData("serve", "127.0.0.1", false, false)]
    [InlineData("runtime", "127.0.0.1", false, false)]
    [InlineData("serve", "0.0.0.0", true, false)]
    [InlineData("runtime", "0.0.0.0", true, false)]
    public async Task What_crosses_a_network_in_clear_is_said_at_the_start(string command, string host, bool isEncrypted, bool isWarned)
    {
        if (isEncrypted) Renew();
        await using CliProcess cli = Start(command, host, isEncrypted);
        await cli.NextLineAsync("the start");
        cli.Signal(15);

        CliResult result = await cli.EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(isWarned, result.Error.Contains("is served in clear", StringComparison.Ordinal));
        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), (line) => JsonDocument.Parse(line).Dispose());
    }

    [Theory]
    [InlineData("serve", "--tls-certificate tls.crt", "belong together")]
    [InlineData("runtime", "--tls-key tls.key", "belong together")]
    [InlineData("serve", "--tls-certificate none.crt --tls-key tls.key", "none.crt")]
    [InlineData("runtime", "--tls-certificate tls.crt --tls-key other.key", "--tls-key")]
    [InlineData("serve", "--tls-certificate tls.key --tls-key tls.crt", "--tls-certificate")]
    public async Task Files_that_do_not_fit_are_refused(string command, string options, string words)
    {
        Renew();
        await File.WriteAllTextAsync(Path("other.key"), New().Key, TestContext.Current.CancellationToken);

        CliResult result = await CliProcess.RunAsync(
            [command, "--port", "0", .. options.Split(' ').Select((word) => word.StartsWith("--", StringComparison.Ordinal) ? word : Path(word))]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", result.Error, StringComparison.Ordinal);
    }

    private CliProcess Start(string command, string host, bool isEncrypted = true) => CliProcess.Start(
        [
            command, "--port", "0", "--json", "--host", host,
            .. isEncrypted ? (string[])["--tls-certificate", Path("tls.crt"), "--tls-key", Path("tls.key")] : [],
        ],
        ("ENCLAVE_TOKEN", Secret));

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    /// <summary>Writes another certificate with its key, and returns its thumbprint.</summary>
    private string Renew()
    {
        (string certificate, string key, string thumbprint) = New();
        File.WriteAllText(Path("tls.key"), key);
        File.WriteAllText(Path("tls.crt"), certificate);
        return thumbprint;
    }

    private static (string Certificate, string Key, string Thumbprint) New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), certificate.GetCertHashString());
    }

    private static async Task<(string? Thumbprint, HttpStatusCode Status)> AskAsync(Uri address)
    {
        string? shown = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
            {
                shown = certificate?.GetCertHashString();
                return true;
            },
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/sessions"))
        {
            Content = new StringContent("""{"code":"return 1"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", Secret);
        using HttpResponseMessage response = await http.SendAsync(request);
        return (shown, response.StatusCode);
    }
}
