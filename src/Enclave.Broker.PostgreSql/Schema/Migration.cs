using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Enclave.Broker.PostgreSql.Schema;

/// <summary>One step of the schema: a numbered file of SQL in this assembly.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private const string Grants = "grants.sql";

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

    private static string Read(string name)
    {
        using var reader = new StreamReader(s_assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
