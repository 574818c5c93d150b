namespace Enclave.Sessions;

/// <summary>The tools of a session whose calls its client answers.</summary>
/// <param name="names">Their names; null for all tools.</param>
internal sealed class OutsideTools(IReadOnlyCollection<string>? names)
{
    private readonly HashSet<string>? _names = names?.ToHashSet(StringComparer.Ordinal);

    public bool Contains(string tool) => _names is null || _names.Contains(tool);
}
