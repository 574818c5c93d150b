using System.CommandLine;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Serve.SignIn;

/// <summary>The options that name an OpenID provider.</summary>
internal sealed class ProviderOptions
{
    private readonly Option<string?> _provider = new("--openid-provider")
    {
        Description = "The address of an OpenID provider whose access tokens are accepted too, as https://login.example/tenant. Its keys are found at " +
            "/.well-known/openid-configuration there, and again when it signs with a new one. Needs --openid-audience.",
        HelpName = "URL",
    };

    private readonly Option<string?> _audience = new("--openid-audience")
    {
        Description = "The audience (claim aud) that the provider's tokens must have: the name under which it knows this broker.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _tenantClaim = new("--openid-tenant-claim")
    {
        Description = "The claim that names a client's tenant; tokens without it are refused. Default: every client is a tenant of its own.",
        HelpName = "CLAIM",
    };

    public IEnumerable<Option> All => [_provider, _audience, _tenantClaim];

    /// <summary>The provider; null without one.</summary>
    /// <exception cref="UsageException">An option is missing, or the address is none that tokens may be trusted from.</exception>
    public OpenIdProvider? Read(ParseResult parsed)
    {
        string? audience = parsed.GetValue(_audience), tenantClaim = parsed.GetValue(_tenantClaim);
        if (parsed.GetValue(_provider) is not { } text)
        {
            if (audience is null && tenantClaim is null) return null;
            throw new UsageException($"{(audience is null ? _tenantClaim.Name : _audience.Name)} needs {_provider.Name} URL.");
        }

        if (string.IsNullOrEmpty(audience))
        {
            throw new UsageException(
                $"{_provider.Name} needs {_audience.Name} NAME: without it, tokens for the provider's other applications would be accepted.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.UserInfo.Length > 0
            || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            throw new UsageException($"{_provider.Name} {text}: expected an https address (http only on this machine), as https://login.example/tenant.");
        return new OpenIdProvider(address, audience, string.IsNullOrEmpty(tenantClaim) ? null : tenantClaim);
    }
}
