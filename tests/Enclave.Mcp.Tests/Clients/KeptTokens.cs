using ModelContextProtocol.Authentication;

namespace Enclave.Mcp.Tests.Clients;

/// <summary>Tokens in memory, for several sources.</summary>
internal sealed class KeptTokens : ITokenCache
{
    public TokenContainer? Current { get; private set; }

    public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        Current = tokens;
        return ValueTask.CompletedTask;
    }

    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(Current);
}
