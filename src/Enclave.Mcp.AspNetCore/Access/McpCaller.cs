using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Enclave.Mcp.AspNetCore.Access;

/// <summary>The client that sent a request. A session can only be used by the caller that opened it.</summary>
/// <param name="Owner">The name of the authenticated client; null for an anonymous client.</param>
/// <param name="Tenant">The tenant that its runs count for; null for an anonymous client.</param>
internal sealed record McpCaller(string? Owner, string? Tenant)
{
    /// <summary>The claim that names a client's tenant, the broker's own. Without it the owner is the tenant.</summary>
    private const string TenantClaim = "tenant";

    public static McpCaller Of(HttpContext context)
    {
        ClaimsPrincipal user = context.User;
        if (user.Identity?.IsAuthenticated != true) return new McpCaller(null, null);
        // An authenticated client without a name must not share one with anonymous clients.
        string owner = user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.FindFirstValue("sub") ?? user.Identity.Name ?? "authenticated";
        return new McpCaller(owner, user.FindFirstValue(TenantClaim) ?? owner);
    }

    /// <summary>The name that sessions and requests are counted under: the owner, or the address of an anonymous client.</summary>
    public string Payer(HttpContext context) => Owner is null ? $"address {context.Connection.RemoteIpAddress}" : $"owner {Owner}";
}
