using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave serve --openid-provider</c>: clients of an OpenID provider beside those with tokens of the broker's own.</summary>
public sealed class OpenIdTests : IAsyncLifetime
{
    private const string Audience = "enclave";
    private readonly Provider _provider = new();

    public async ValueTask InitializeAsync() => await _provider.StartAsync();

    public async ValueTask DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task Its_clients_come_in_beside_those_with_tokens_and_nobody_else_does()
    {
        using var folder = new TemporaryFolder();
        await using Served served = await Serve("--token-file", folder.File("tokens", "alice a-token-that-is-long\n"));

        Assert.Equal(HttpStatusCode.OK, await Status(served, _provider.Token()));
        Assert.Equal(HttpStatusCode.OK, await Status(served, "a-token-that-is-long"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(served, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(served, "a-token-that-is-wrong"));
        Assert.Equal(_provider.Address + "/", served.Line.GetProperty("openidProvider").GetString());
    }

    [Fact]
    public async Task A_token_that_is_forged_foreign_or_old_is_refused()
    {
        await using Served served = await Serve();
        await using var foreign = new Provider();
        string good = _provider.Token();
        string[] parts = good.Split('.');

        (string What, string Token)[] bad =
        [
            ("of another audience", _provider.Token(audience: "another")),
            ("of another issuer", _provider.Token(issuer: "https://login.example")),
            ("that has ended", _provider.Token(ends: -5)),
            ("that begins later", _provider.Token(begins: 5)),
            ("without a name", _provider.Token(name: null)),
            ("with a name that is too long", _provider.Token(name: new string('n', 257))),
            ("signed by another key of the same name", foreign.Token(issuer: _provider.Address)),
            ("signed with the public key as a secret", _provider.SignedWithThePublicKey()),
            ("that is not signed", $"{Base64("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{parts[1]}."),
            ("with a changed end", $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA"),
            ("that is no JSON", "eyJ.eyJ.eyJ"),
        ];

        foreach ((string what, string token) in bad)
        {
            (HttpStatusCode status, string text) = await served.Post("return 1", token);
            Assert.True(status == HttpStatusCode.Unauthorized, $"a token {what} got {status}");
            Assert.Contains("\"UNAUTHORIZED\"", text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, await Status(served, good));
    }

    [Fact]
    public async Task The_tenant_comes_from_the_claim_and_a_token_has_exactly_one()
    {
        await using Served served = await Serve("--openid-tenant-claim", "org");

        Assert.Equal(HttpStatusCode.OK, await Status(served, _provider.Token(claims: [new("org", "acme")])));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(served, _provider.Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(served, _provider.Token(claims: [new("org", "acme"), new("org", "emca")])));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(served, _provider.Token(claims: [new("org", "")])));
    }

    [Fact]
    public async Task A_client_with_the_name_and_role_of_an_operator_is_none()
    {
        using var folder = new TemporaryFolder();
        await using Served served = await Serve("--operator-token-file", folder.File("operators", "ops a-token-of-an-operator\n"));
        using var http = new HttpClient { BaseAddress = new Uri(served.Line.GetProperty("listening").GetString()!) };
        string token = _provider.Token(name: "ops", claims: [new("role", "enclave-operator"), new(ClaimTypes.Role, "enclave-operator")]);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);

        using HttpResponseMessage response = await http.GetAsync("/fleet");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_new_key_is_found_and_the_provider_may_be_away()
    {
        await using Served served = await Serve();
        Assert.Equal(HttpStatusCode.OK, await Status(served, _provider.Token()));

        _provider.Rotate();
        string token = _provider.Token();
        // A token with an unknown key makes the server ask for the keys; a later one finds them.
        long began = TimeProvider.System.GetTimestamp();
        while (await Status(served, token) != HttpStatusCode.OK)
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1), "the new key is not found");

        await _provider.StopAsync();
        Assert.Equal(HttpStatusCode.OK, await Status(served, token));
        _provider.Rotate();
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(served, _provider.Token()));
    }

    [Theory]
    [InlineData("needs --openid-audience NAME", "--openid-provider", "https://login.example")]
    [InlineData("expected an https address", "--openid-provider", "http://login.example", "--openid-audience", "a")]
    [InlineData("expected an https address", "--openid-provider", "login", "--openid-audience", "a")]
    [InlineData("needs --openid-provider URL", "--openid-audience", "a")]
    [InlineData("needs --openid-provider URL", "--openid-tenant-claim", "a")]
    [InlineData("--openid-provider http://127.0.0.1:1/", "--openid-provider", "http://127.0.0.1:1", "--openid-audience", "a")]
    public async Task A_mistake_is_told_at_the_start(string message, params string[] options)
    {
        CliResult result = await CliProcess.RunAsync("", ["serve", "--port", "0", .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task<Served> Serve(params string[] options) => Served.Start(["--openid-provider", _provider.Address, "--openid-audience", Audience, .. options]);

    private static async Task<HttpStatusCode> Status(Served served, string? token) => (await served.Post("return 1", token)).Status;

    private static string Base64(string text) => Base64UrlEncoder.Encode(text);

    /// <summary>A provider: its two documents, and the tokens that it would give.</summary>
    private sealed class Provider : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private RsaSecurityKey _key = NewKey(1);
        private int _keys = 1;

        public Provider()
        {
            _app = LocalWeb.Builder().Build();
            _app.MapGet("/.well-known/openid-configuration", () => Document(new { issuer = Address, jwks_uri = $"{Address}/keys" }));
            _app.MapGet("/keys", () => Document(new { keys = new[] { Public(_key) } }));
        }

        public string Address => _app.Urls.FirstOrDefault() ?? "";

        public Task<Uri> StartAsync() => LocalWeb.Start(_app);

        public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

        public void Rotate() => _key = NewKey(++_keys);

        /// <param name="begins">Minutes from now.</param>
        /// <param name="ends">Minutes from now.</param>
        public string Token(
            string? name = "ann", string audience = Audience, string? issuer = null, int begins = -10, int ends = 10, Claim[]? claims = null) =>
            Signed(new SigningCredentials(_key, SecurityAlgorithms.RsaSha256), name, audience, issuer, begins, ends, claims ?? []);

        public string SignedWithThePublicKey() => Signed(
            new SigningCredentials(new SymmetricSecurityKey(Encoding.ASCII.GetBytes(_key.Rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = _key.KeyId },
                SecurityAlgorithms.HmacSha256), "ann", Audience, null, -10, 10, []);

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private string Signed(SigningCredentials key, string? name, string audience, string? issuer, int begins, int ends, Claim[] claims)
        {
            DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
            return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = issuer ?? Address,
                Audience = audience,
                IssuedAt = now.AddMinutes(-10),
                NotBefore = now.AddMinutes(begins),
                Expires = now.AddMinutes(ends),
                Subject = new ClaimsIdentity(name is null ? claims : [new("sub", name), .. claims]),
                SigningCredentials = key,
            });
        }

        private static RsaSecurityKey NewKey(int number) => new(RSA.Create(2048)) { KeyId = $"key {number}" };

        private static IResult Document(object content) => Results.Text(JsonSerializer.Serialize(content), "application/json");

        private static object Public(RsaSecurityKey key)
        {
            RSAParameters numbers = key.Rsa.ExportParameters(includePrivateParameters: false);
            (string n, string e) = (Base64UrlEncoder.Encode(numbers.Modulus), Base64UrlEncoder.Encode(numbers.Exponent));
            return new { kty = "RSA", use = "sig", alg = "RS256", kid = key.KeyId, n, e };
        }
    }
}
