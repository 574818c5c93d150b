using Microsoft.AspNetCore.Authentication;

namespace Enclave.Broker.Access;

/// <summary>The tokens that are accepted.</summary>
internal sealed class TokenAuthenticationOptions : AuthenticationSchemeOptions
{
    public BrokerTokens Tokens { get; set; } = new();
}
