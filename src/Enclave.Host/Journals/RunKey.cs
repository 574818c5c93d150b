namespace Enclave.Journals;

/// <summary>The name of a durable run. Each tenant has names of its own.</summary>
/// <param name="Tenant">The tenant; null for none.</param>
/// <param name="Name">The name that its caller gave it.</param>
internal readonly record struct RunKey(string? Tenant, string Name)
{
    /// <summary>The tenant as part of a key. No name of a tenant equals that of runs without one.</summary>
    public static string MarkOf(string? tenant) => tenant is null ? "-" : $"+{tenant}";

    /// <summary>The key for people: without the tenant, which may be a secret of its own.</summary>
    public override string ToString() => Name;
}
