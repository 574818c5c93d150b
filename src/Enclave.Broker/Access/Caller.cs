using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Access;

/// <summary>Whose request it is: what sessions belong to.</summary>
/// <param name="Owner">The name of the authenticated client; null when nobody is known.</param>
/// <param name="Tenant">The tenant that its runs count for.</param>
internal sealed record Caller(string? Owner, string? Tenant)
{
    /// <summary>The claim that names a client's tenant; without it the owner is its own.</summary>
    public const string TenantClaim = "tenant";

    /// <summary>The payer of a request's cost: its owner, or its address where nobody is known.</summary>
    public string Payer(HttpContext context) => Owner ?? context.Connection.RemoteIpAddress?.ToString() ?? "";

    public static Caller Of(HttpContext context)
    {
        ClaimsPrincipal user = context.User;
        if (user.Identity?.IsAuthenticated != true) return new Caller(null, null);
        string? owner = user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.FindFirstValue("sub") ?? user.Identity.Name;
        // Known, but nameless, is nobody's neighbour: it must not share a name with those who are not known.
        owner ??= "authenticated";
        return new Caller(owner, user.FindFirstValue(TenantClaim) ?? owner);
    }
}
