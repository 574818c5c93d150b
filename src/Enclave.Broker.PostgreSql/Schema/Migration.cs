using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Enclave.Broker.PostgreSql.Schema;

/// <summary>One step of the schema: a numbered file of SQL in this assembly.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>
    /// The number of steps that are recorded in <c>enclave.migration</c>, which brokers of version 1 read. They refuse a schema with more steps there.
    /// </summary>
    public const int Frozen = 1;

    private const string Grants = "grants.sql", Compatible = "-- Compatible from: ";

    private static readonly Assembly s_assembly = typeof(Migration).Assembly;

    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } =
    [
        .. s_assembly.GetManifestResourceNames()
        .Where((name) => name.EndsWith(".sql", StringComparison.Ordinal) && name != Grants).Order(StringComparer.Ordinal)
            .Select((name) => new Migration(int.Parse(name.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture), name[..^4], Read(name))),
    ];

    /// <summary>The rights of the brokers' role, granted again after each migration.</summary>
    public static string GrantsSql { get; } = Read(Grants);

    /// <summary>SHA-256 of the text, to detect a step that was changed after it was applied.</summary>
    public byte[] Digest { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Sql));

    /// <summary>The newest step that a broker must know to use the schema after this one. The first line of each step after the first states it.</summary>
    public int CompatibleFrom { get; } = Number <= Frozen ? 1 : int.Parse(
        Sql.AsSpan(Compatible.Length, Sql.IndexOf('\n', StringComparison.Ordinal) - Compatible.Length), System.Globalization.CultureInfo.InvariantCulture);

    private static string Read(string name)
    {
        using var reader = new StreamReader(s_assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
