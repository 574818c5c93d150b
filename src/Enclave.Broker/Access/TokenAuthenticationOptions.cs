using Microsoft.AspNetCore.Authentication;

namespace Enclave.Broker.Access;

/// <summary>Which tokens are known.</summary>
internal sealed class TokenAuthenticationOptions : AuthenticationSchemeOptions
{
    public BrokerTokens Tokens { get; set; } = new();
}
