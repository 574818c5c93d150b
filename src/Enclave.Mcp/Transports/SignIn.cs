using ModelContextProtocol.Authentication;

namespace Enclave.Mcp.Transports;

/// <summary>The sign-in to one server: the application's options. Tokens outlive a connection, and are masked in everything that scripts see.</summary>
internal sealed class SignIn(McpSourceOptions options, SourceSecrets secrets) : ITokenCache
{
    /// <summary>No server takes a header that is longer than this, and to cover a value takes many times its size.</summary>
    private const int MaxTokenCharacters = 32_768;

    private TokenContainer? _tokens;
    private volatile string? _failure;

    /// <summary>Why an authorization server was not reached, which the SDK does not report; null if all were reached.</summary>
    public string? Failure => _failure;

    /// <summary>The time limit of a connection. It includes the time that a person needs to sign in.</summary>
    public TimeSpan ConnectTimeout =>
        options.OAuth?.AuthorizationCallbackHandler is null ? options.ConnectTimeout : options.ConnectTimeout + options.SignInTimeout;

    /// <summary>The options of the next connection; null without a sign-in.</summary>
    public ClientOAuthOptions? Settings()
    {
        _failure = null;
        if (options.OAuth is not { } given) return null;
        if (!string.IsNullOrEmpty(given.ClientSecret)) secrets.CoverClientSecret(given.ClientSecret);
        return new ClientOAuthOptions
        {
            RedirectUri = given.RedirectUri,
            ClientId = given.ClientId,
            ClientSecret = given.ClientSecret,
            ClientMetadataDocumentUri = given.ClientMetadataDocumentUri,
            Scopes = given.Scopes,
            ScopeSelector = given.ScopeSelector,
            AuthServerSelector = given.AuthServerSelector,
            DynamicClientRegistration = given.DynamicClientRegistration,
            AdditionalAuthorizationParameters = given.AdditionalAuthorizationParameters,
            // The SDK's default asks at the console, but standard input and output may carry another protocol.
            AuthorizationCallbackHandler = AskAsync,
            TokenCache = this,
        };
    }

    public async ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        Cover(tokens);
        Volatile.Write(ref _tokens, tokens);
        if (options.OAuth!.TokenCache is { } kept) await kept.StoreTokensAsync(tokens, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken)
    {
        if (options.OAuth!.TokenCache is not { } kept) return Volatile.Read(ref _tokens);
        TokenContainer? tokens = await kept.GetTokensAsync(cancellationToken).ConfigureAwait(false);
        if (tokens is not null) Cover(tokens);
        return tokens;
    }

    /// <summary>Sends a request to an authorization server.</summary>
    /// <exception cref="HttpRequestException">The address is not allowed, or was not reached.</exception>
    public async Task<HttpResponseMessage> AskAsync(Uri address, Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            Check(address);
            return await ask().ConfigureAwait(false);
        }
        catch (HttpRequestException fault)
        {
            _failure ??= fault.Message;
            throw;
        }
    }

    /// <summary>Checks an address that the server names for the sign-in: the client, its secret and tokens go there, or a person's browser.</summary>
    private void Check(Uri address)
    {
        bool isNamed = options.AuthorizationHosts.Append(options.Address!.IdnHost).Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase);
        // A server at an http: address may have its sign-in at http: too.
        if (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && options.Address.Scheme == Uri.UriSchemeHttp && isNamed)) return;
        throw new HttpRequestException(
            $"the MCP server {options.Name} names {secrets.Mask.Of(address.GetLeftPart(UriPartial.Authority))} for its sign-in, which is not https:");
    }

    private async Task<AuthorizationResult?> AskAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
    {
        if (options.OAuth!.AuthorizationCallbackHandler is not { } ask) return null;
        Check(context.AuthorizationUri);
        return await ask(context, cancellationToken).ConfigureAwait(false);
    }

    private void Cover(TokenContainer tokens)
    {
        foreach (string? value in (string?[])[tokens.AccessToken, tokens.RefreshToken, tokens.ClientSecret])
        {
            if (string.IsNullOrEmpty(value)) continue;
            if (value.Length > MaxTokenCharacters)
            {
                throw new McpSourceException(
                    $"the sign-in to the MCP server {options.Name} gave a token of {value.Length} characters; at most {MaxTokenCharacters} are taken");
            }

            secrets.CoverRenewed(value);
        }
    }
}
