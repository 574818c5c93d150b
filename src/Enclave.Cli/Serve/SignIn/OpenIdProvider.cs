using System.Security.Claims;
using Enclave.Broker.Access;
using Enclave.Cli.Commands;
using Enclave.Streaming;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Enclave.Cli.Serve.SignIn;

/// <summary>An OpenID provider whose access tokens (RFC 9068) identify clients, beside the broker's own tokens.</summary>
/// <param name="Address">Its address (OpenID Connect Discovery 1.0, section 4).</param>
/// <param name="Audience">The claim <c>aud</c> of tokens that are for this broker.</param>
/// <param name="TenantClaim">The claim that names the tenant; null if each client is one.</param>
internal sealed record OpenIdProvider(Uri Address, string Audience, string? TenantClaim)
{
    /// <summary>Longer names of clients and tenants are refused: they are kept with every session.</summary>
    private const int MaxName = 256;

    /// <summary>The prefix of its clients' names, so that a client of the provider cannot have the name of a client in a file of tokens.</summary>
    private const string NamePrefix = "openid:";

    private const string SchemeName = "EnclaveClient";

    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);

    /// <summary>The provider's clock and this machine's clock may differ by this time.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    /// <summary>Signatures by a key that only the provider has. With a shared secret, who checks tokens could make them.</summary>
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Lets its clients in, beside those of <c>AddEnclaveBrokerTokens</c>.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddAuthentication().AddJwtBearer(Configure).AddPolicyScheme(SchemeName, null, static (scheme) =>
        {
            scheme.ForwardDefaultSelector = static (context) =>
                IsJwt(context.Request.Headers.Authorization) ? JwtBearerDefaults.AuthenticationScheme : BrokerTokens.Scheme;
            // Refusals have the broker's own form, for both kinds of tokens.
            scheme.ForwardChallenge = scheme.ForwardForbid = BrokerTokens.Scheme;
        });
        services.PostConfigure<AuthenticationOptions>(static (schemes) => schemes.DefaultScheme = SchemeName);
    }

    /// <summary>Fetches the provider's keys, so that a wrong address is reported at the start and not at the first client.</summary>
    /// <exception cref="UsageException">The address does not answer as a provider does.</exception>
    public async Task CheckAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        JwtBearerOptions options = services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        try
        {
            OpenIdConnectConfiguration found = await options.ConfigurationManager!.GetConfigurationAsync(cancellationToken)
                .WaitAsync(s_answer * 2, cancellationToken).ConfigureAwait(false);
            if (found.SigningKeys.Count > 0) return;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or TimeoutException)
        {
            throw new UsageException($"--openid-provider {Address}: {(fault.InnerException ?? fault).Message}");
        }

        throw new UsageException($"--openid-provider {Address}: it has no keys.");
    }

    private void Configure(JwtBearerOptions options)
    {
        (options.Authority, options.Audience) = (Address.AbsoluteUri.TrimEnd('/'), Audience);
        options.RequireHttpsMetadata = Address.Scheme == Uri.UriSchemeHttps;
        options.BackchannelTimeout = s_answer;
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.TokenValidationParameters.ValidAlgorithms = s_algorithms;
        options.TokenValidationParameters.ClockSkew = s_skew;
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = (context) =>
            {
                if (Client(context.Principal!) is { } client) context.Principal = client;
                else context.Fail("the token has no name of a client, or not one tenant");
                return Task.CompletedTask;
            },
            // Without this, an unavailable provider would be an error of this server.
            OnAuthenticationFailed = static (context) =>
            {
                context.Fail(context.Exception);
                return Task.CompletedTask;
            },
        };
    }

    /// <summary>The client that a token names. Only name and tenant are taken over: a provider's roles say nothing about this broker.</summary>
    private ClaimsPrincipal? Client(ClaimsPrincipal token)
    {
        if (One(token, "sub") is not { } name) return null;
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, NamePrefix + name)], JwtBearerDefaults.AuthenticationScheme);
        if (TenantClaim is null) return new ClaimsPrincipal(identity);
        if (One(token, TenantClaim) is not { } tenant) return null;
        identity.AddClaim(new Claim(Caller.TenantClaim, tenant));
        return new ClaimsPrincipal(identity);
    }

    private static string? One(ClaimsPrincipal token, string claim) =>
        token.FindAll(claim).Take(2).ToArray() is [{ Value: { Length: > 0 and <= MaxName } value }] ? value : null;

    // RFC 7519, section 3: three parts, of which the first is a JSON object in Base64.
    private static bool IsJwt(string? header) =>
        BearerScheme.TryRead(header, out ReadOnlySpan<char> token) && token.TrimStart().StartsWith("eyJ") && token.Count('.') == 2;
}
