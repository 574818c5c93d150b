using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Access;

/// <summary>The client that sent a request, and owns the sessions it opens.</summary>
/// <param name="Owner">The name of the authenticated client; null for an anonymous client.</param>
/// <param name="Tenant">The tenant that its runs count for.</param>
internal sealed record Caller(string? Owner, string? Tenant)
{
    /// <summary>The claim that names a client's tenant. Without it the owner is the tenant.</summary>
    public const string TenantClaim = "tenant";

    /// <summary>The name that requests are counted under: the owner, or the address of an anonymous client.</summary>
    public string Payer(HttpContext context) => Owner ?? context.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>The client of an authenticated or anonymous request.</summary>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ClaimsPrincipal user = context.User;
        if (user.Identity?.IsAuthenticated != true) return new Caller(null, null);
        string? owner = user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.FindFirstValue("sub") ?? user.Identity.Name;
        // An authenticated client without a name must not share one with anonymous clients.
        owner ??= "authenticated";
        return new Caller(owner, user.FindFirstValue(TenantClaim) ?? owner);
    }
}
