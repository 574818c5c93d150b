using Enclave.Mcp.Transports;
using Enclave.Secrets;
using ModelContextProtocol.Authentication;

namespace Enclave.Mcp.Tests.Transports;

/// <summary>Which secrets of a server are covered, and for how long.</summary>
public sealed class SourceSecretsTests
{
    private readonly Dictionary<string, string> _values = Enumerable.Range(0, 64).ToDictionary((n) => $"KEY_{n}", (n) => $"value-of-header-{n}.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_100_renewals_the_clients_secret_all_headers_and_all_tokens_are_covered()
    {
        McpSourceOptions options = Options();
        var secrets = new SourceSecrets(options);
        var signIn = new SignIn(options, secrets);
        signIn.Settings();
        foreach (string text in options.SecretHeaders.Values) await secrets.FillAsync(text, Token);

        for (int i = 0; i < 100; i++) await signIn.StoreTokensAsync(Tokens(i), Token);

        IEnumerable<string> all =
        [
            "secret-of-the-client", .. _values.Values, .. Enumerable.Range(0, 100).SelectMany((i) => (string[])[$"access-token-{i}.", $"refresh-token-{i}."]),
        ];
        Assert.All(all, (value) => Assert.Equal("it is ***", secrets.Mask.Of($"it is {value}")));
        Assert.Equal("it is nothing", secrets.Mask.Of("it is nothing"));
    }

    [Fact]
    public async Task Renewed_ones_end_with_time_and_configured_ones_and_those_in_use_do_not()
    {
        McpSourceOptions options = Options();
        var secrets = new SourceSecrets(options);
        new SignIn(options, secrets).Settings();
        foreach (string text in options.SecretHeaders.Values) await secrets.FillAsync(text, Token);

        for (int i = 0; i < 1_100; i++)
        {
            secrets.CoverRenewed($"access-token-{i}.");
            // Registered once, and sent with each renewal.
            secrets.CoverRenewed("secret-of-a-registration");
        }

        Assert.All([.. _values.Values, "secret-of-the-client", "secret-of-a-registration", "access-token-1099.", "access-token-101."],
            (value) => Assert.Equal("***", secrets.Mask.Of(value)));
        Assert.Equal("access-token-100.", secrets.Mask.Of("access-token-100."));
    }

    [Fact]
    public async Task A_secret_that_was_changed_at_its_source_is_covered_before_and_after()
    {
        McpSourceOptions options = Options();
        var secrets = new SourceSecrets(options);

        Assert.Equal("Bearer value-of-header-3.", await secrets.FillAsync("Bearer {KEY_3}", Token));
        _values["KEY_3"] = "another-value";
        Assert.Equal("Bearer another-value", await secrets.FillAsync("Bearer {KEY_3}", Token));

        Assert.Equal("*** ***", secrets.Mask.Of("value-of-header-3. another-value"));
    }

    [Fact]
    public async Task Large_tokens_push_out_old_ones_and_huge_ones_are_refused()
    {
        McpSourceOptions options = Options();
        var secrets = new SourceSecrets(options);
        var signIn = new SignIn(options, secrets);
        string Large(int i) => $"{i}-".PadRight(32_768, (char)('a' + (i % 26)));

        for (int i = 0; i < 40; i++) await signIn.StoreTokensAsync(Tokens(0, Large(i)), Token);
        McpSourceException fault = await Assert.ThrowsAsync<McpSourceException>(
            async () => await signIn.StoreTokensAsync(Tokens(0, new string('x', 32_769)), Token));

        Assert.Equal("***", secrets.Mask.Of(Large(39)));
        Assert.Equal("***", secrets.Mask.Of("refresh-token-0."));
        Assert.Equal(Large(0), secrets.Mask.Of(Large(0)));
        Assert.Contains("a token of 32769 characters", fault.Message, StringComparison.Ordinal);
    }

    private static TokenContainer Tokens(int i, string? access = null) => new()
    {
        AccessToken = access ?? $"access-token-{i}.",
        RefreshToken = $"refresh-token-{i}.",
        TokenType = "Bearer",
        ObtainedAt = DateTimeOffset.UnixEpoch,
    };

    private McpSourceOptions Options() => new()
    {
        Name = "crm",
        Address = new Uri("https://mcp.example/mcp"),
        SecretHeaders = _values.Keys.ToDictionary((name) => $"X-{name}", (name) => $"Key {{{name}}}"),
        Secrets = SecretSources.Of((name, tenant, token) => new(_values[name])),
        OAuth = new ClientOAuthOptions
        {
            RedirectUri = new Uri("http://127.0.0.1:1/callback"),
            ClientId = "client-1",
            ClientSecret = "secret-of-the-client",
        },
    };
}
