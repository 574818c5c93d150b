using System.Globalization;
using System.Text;
using Enclave.Journals;

namespace Enclave.Tenants.Scripts;

/// <summary>A saved script in a store. Each tenant has names of its own; those without a tenant are shared.</summary>
/// <param name="Tenant">The tenant; null for a shared script.</param>
/// <param name="Name">The name.</param>
internal readonly record struct ScriptKey(string? Tenant, string Name)
{
    private const int MaxName = 100, MaxTenant = 200;

    /// <summary>The name of its files: names of tenants hold any character.</summary>
    public string Id => RunFolder.IdOf(new RunKey(Tenant, Name));

    /// <summary>The script for people.</summary>
    public override string ToString() => Tenant is null ? Name : $"{Name} of {Tenant}";

    /// <exception cref="SavedScriptException">The name or the tenant is out of its range.</exception>
    public ScriptKey Checked()
    {
        if (!IsName(Name)) throw new SavedScriptException(
            SavedScriptFault.OutOfRange, $"the name of a saved script is 1 to {MaxName} letters, digits and _ - . /, and begins with a letter or digit");
        if (Tenant is { Length: 0 or > MaxTenant }) throw new SavedScriptException(
            SavedScriptFault.OutOfRange, $"the name of a tenant has {Tenant.Length} characters; 1 to {MaxTenant} are allowed");
        return IsWellFormed(Tenant ?? "") ? this : throw new SavedScriptException(
            SavedScriptFault.OutOfRange, "the name of a tenant has a lone surrogate, which no store keeps");
    }

    /// <summary>Reads <c>report</c> or <c>report@3</c>.</summary>
    /// <exception cref="SavedScriptException">It is neither.</exception>
    public static (string Name, int? Version) Parse(string reference)
    {
        int at = reference.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) return (reference, null);
        bool isNumber = int.TryParse(
            reference.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int version);
        return isNumber && version > 0 ? (reference[..at], version) : throw new SavedScriptException(
            SavedScriptFault.OutOfRange, "a saved script is named NAME or NAME@VERSION, as report@3");
    }

    private static bool IsWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static bool IsName(string name) => name.Length is > 0 and <= MaxName && char.IsAsciiLetterOrDigit(name[0])
        && name.All((c) => char.IsAsciiLetterOrDigit(c) || "_-./".Contains(c, StringComparison.Ordinal));
}
