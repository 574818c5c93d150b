using System.Security.Cryptography;
using System.Text;

namespace Enclave.Sidecar;

/// <summary>Makes keys of the store from tenant and secret. So another tenant's name gives another key, and the store's keys open nothing.</summary>
internal static class ReferenceKey
{
    public static string Of(string tenantKey, string secret) =>
        "ref-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{secret}/{tenantKey}")));

    /// <summary>The key of a tenant. Runs without a tenant have a key that no name can equal.</summary>
    public static string Tenant(string? tenant) => tenant is null ? "none" : "t:" + tenant;
}
