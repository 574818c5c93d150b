using System.Security.Claims;
using System.Text.Encodings.Web;
using Enclave.Broker.Errors;
using Enclave.Broker.Http;
using Enclave.Streaming;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Enclave.Broker.Access;

/// <summary>Authenticates clients by their bearer tokens (RFC 6750, section 2.1).</summary>
internal sealed class TokenAuthentication(IOptionsMonitor<TokenAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<TokenAuthenticationOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header)) return Task.FromResult(AuthenticateResult.NoResult());
        if (!BearerScheme.TryRead(header, out ReadOnlySpan<char> token) || Options.Tokens.Find(token.Trim()) is not var (owner, tenant, isOperator))
            return Task.FromResult(AuthenticateResult.Fail("the token is unknown"));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner)], Scheme.Name);
        if (isOperator) identity.AddClaim(new Claim(identity.RoleClaimType, BrokerTokens.OperatorRole));
        if (tenant is not null) identity.AddClaim(new Claim(Caller.TenantClaim, tenant));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = BearerScheme.Name;
        return JsonResponses.ErrorAsync(
            Context,
            new BrokerError(StatusCodes.Status401Unauthorized, SessionCode.Unauthorized, "send Authorization: Bearer and a token that the broker knows"));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        JsonResponses.ErrorAsync(Context, new BrokerError(StatusCodes.Status403Forbidden, SessionCode.Forbidden, "this token may not do that"));
}
