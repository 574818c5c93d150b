using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Security;

/// <summary>B8: which clients may open a socket.</summary>
public sealed class AccessTests
{
    private const string Secret = "0123456789abcdef";

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public async Task It_does_not_listen_on_a_network_without_protection(string host)
    {
        await using RuntimeWorker runtime = TestRuntime.Create(new RuntimeWorkerOptions { Host = host });

        var refused = await Assert.ThrowsAsync<RuntimeWorkerException>(() => runtime.StartAsync());

        Assert.Equal(RuntimeFault.Unprotected, refused.Fault);
        Assert.Contains("--token-file", refused.Message, StringComparison.Ordinal);
        Assert.Null(runtime.Address);
    }

    [Fact]
    public async Task By_default_it_listens_on_this_machine_alone()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync();

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(runtime.Address!.Host)));
    }

    [Fact]
    public async Task B8_With_a_secret_it_listens_anywhere()
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(
            new RuntimeWorkerOptions { Host = "0.0.0.0", Security = new() { SharedSecret = Secret } });
        await using TestPeer peer = await TestPeer.ConnectAsync(
            new UriBuilder(runtime.Address!) { Host = "127.0.0.1" }.Uri, (options) => options.SetRequestHeader("Authorization", $"Bearer {Secret}"));

        await peer.SendAsync(TestRuntime.Execute("s_1", "return 1"));

        Assert.Equal(["session_init", "final"], (await peer.ToEndAsync("s_1")).Types());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer 0123456789abcdeF")]
    [InlineData("Bearer 0123456789abcde")]
    [InlineData("Bearer 0123456789abcdef0")]
    [InlineData("Basic 0123456789abcdef")]
    [InlineData("0123456789abcdef")]
    public async Task B8_A_wrong_secret_is_refused(string? authorization)
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions { Security = new() { SharedSecret = Secret } });

        var refused = await Assert.ThrowsAsync<RefusedException>(() => TestPeer.ConnectAsync(runtime.Address!, (options) =>
        {
            if (authorization is not null) options.SetRequestHeader("Authorization", authorization);
        }));

        Assert.Equal((401, 0), (refused.Status, runtime.GetStats().Connections));
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("http://127.0.0.1:3001", 403)]
    [InlineData("https://tools.example.evil.example", 403)]
    [InlineData("https://tools.example", 101)]
    public async Task B8_A_page_of_another_origin_is_refused(string origin, int status)
    {
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(
            new RuntimeWorkerOptions { Security = new() { AllowedOrigins = ["https://tools.example"] } });

        Task<TestPeer> connecting = TestPeer.ConnectAsync(runtime, ("Origin", origin));

        if (status == 101) await (await connecting).CloseAsync();
        else Assert.Equal(status, (await Assert.ThrowsAsync<RefusedException>(() => connecting)).Status);
    }

    [Fact]
    public async Task Certificates_stand_for_a_secret()
    {
        using var authority = Authority("CN=authority");
        using var stranger = Authority("CN=stranger");
        using X509Certificate2 server = Issue(authority, "CN=127.0.0.1"), known = Issue(authority, "CN=broker"), unknown = Issue(stranger, "CN=broker");
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(
            new RuntimeWorkerOptions { Security = new() { ServerCertificate = server, ClientAuthorities = [new X509Certificate2(authority)] } });
        Assert.Equal("wss", runtime.Address!.Scheme);

        await using (TestPeer peer = await ConnectAsync(runtime, known))
        {
            await peer.SendAsync("""{"type":"ping"}""");
            Assert.Equal("pong", (await peer.NextAsync("")).Type());
        }

        await Assert.ThrowsAsync<RefusedException>(() => ConnectAsync(runtime, unknown));
        await Assert.ThrowsAsync<RefusedException>(() => ConnectAsync(runtime, null));
    }

    [Fact]
    public async Task B9_Nothing_that_is_told_has_the_secret_or_a_control_character()
    {
        var lines = new List<string>();
        await using RuntimeWorker runtime = await TestRuntime.StartAsync(new RuntimeWorkerOptions
        {
            Security = new() { SharedSecret = Secret },
            Debug = true,
            OnDebug = (line) =>
            {
                lock (lines) lines.Add(line);
            },
        });
        Assert.DoesNotContain(Secret, runtime.ToString() + new RuntimeWorkerOptions { Security = new() { SharedSecret = Secret } }, StringComparison.Ordinal);
        await using TestPeer peer = await TestPeer.ConnectAsync(runtime, ("Authorization", $"Bearer {Secret}"));
        await peer.SendAsync($$"""{"type":"execute","sessionId":"s_{{Secret}}\u001b[2J\u009b\u202e","code":"return '{{Secret}}' + callTool"}""");
        await Within.Becomes(() => peer.All.Any((e) => e.Type() == "final"), "the session had ended");
        await peer.CloseAsync();
        await Within.Becomes(
            () =>
            {
                lock (lines) return lines.Exists((line) => line.Contains("\"disconnected\"", StringComparison.Ordinal));
            },
            "the connection was told to be gone");

        string all = string.Join('\n', lines);
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
        Assert.DoesNotContain(all, (c) => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', all);
        Assert.All(lines, (line) => Assert.NotNull(System.Text.Json.JsonDocument.Parse(line)));
        foreach (string what in new[] { "listening", "connected", "execute", "event", "disconnected" })
            Assert.Contains($"\"what\":\"{what}\"", all, StringComparison.Ordinal);
    }

    private static Task<TestPeer> ConnectAsync(RuntimeWorker runtime, X509Certificate2? certificate) => TestPeer.ConnectAsync(runtime.Address!, (options) =>
    {
        options.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0;
        if (certificate is not null) options.ClientCertificates = [certificate];
    });

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 issued = request.Create(authority, now.AddMinutes(-4), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
