using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Journals;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>Keys of rows: the first 16 bytes of a SHA-256. Names and tokens may hold any character, and a column of text may not.</summary>
internal static class RowId
{
    public static Guid Of(RunKey key)
    {
        string tenant = RunKey.MarkOf(key.Tenant);
        return Hash($"{tenant.Length}:{tenant}{key.Name}");
    }

    public static Guid OfTenant(string? tenant) => OfMark(RunKey.MarkOf(tenant));

    public static Guid OfMark(string tenant) => Hash(tenant);

    public static Guid OfToken(string token) => Hash(token);

    private static Guid Hash(string text) => new(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, 16));
}
