using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Enclave.Broker.PostgreSql.Schema;

/// <summary>One step of the schema: a numbered file of SQL in this assembly.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>The steps that stand in <c>enclave.migration</c>, which brokers of version 1 read: one more there ends their use of the schema.</summary>
    public const int Frozen = 1;

    private const string Grants = "grants.sql", Compatible = "-- Compatible from: ";

    private static readonly Assembly s_assembly = typeof(Migration).Assembly;

    /// <summary>All of them, in their order.</summary>
    public static IReadOnlyList<Migration> All { get; } =
    [
        .. s_assembly.GetManifestResourceNames().Where((name) => name.EndsWith(".sql", StringComparison.Ordinal) && name != Grants).Order(StringComparer.Ordinal)
            .Select((name) => new Migration(int.Parse(name.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture), name[..^4], Read(name))),
    ];

    /// <summary>What brokers may do, set anew after each migration.</summary>
    public static string GrantsSql { get; } = Read(Grants);

    /// <summary>SHA-256 of the text: a step that was changed after it was taken is found.</summary>
    public byte[] Digest { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Sql));

    /// <summary>The first step that a broker may need and still use the schema after this one. It stands in the first line of every step after the first.</summary>
    public int CompatibleFrom { get; } = Number <= Frozen ? 1 : int.Parse(Sql.AsSpan(Compatible.Length, Sql.IndexOf('\n', StringComparison.Ordinal) - Compatible.Length), System.Globalization.CultureInfo.InvariantCulture);

    private static string Read(string name)
    {
        using var reader = new StreamReader(s_assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
