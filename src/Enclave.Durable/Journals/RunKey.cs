using Enclave.Protocol;

namespace Enclave.Journals;

/// <summary>The name of a durable run. Each tenant has names of its own.</summary>
/// <param name="Tenant">The tenant; null for none.</param>
/// <param name="Name">The name that its caller gave it.</param>
internal readonly record struct RunKey(string? Tenant, string Name)
{
    /// <summary>Begins the names of runs that continue only in the request that brings the answers to their questions (<see cref="IsQuestion"/>).</summary>
    public const string QuestionPrefix = Reserved + "question:";

    /// <summary>Begins the names that callers may not give.</summary>
    private const string Reserved = "enclave:";

    /// <summary>
    /// True for a script of a client that answers questions by later requests. No host continues it by itself: when its time is over, it is ended and removed.
    /// It waits for approvals only.
    /// </summary>
    public bool IsQuestion => Name.StartsWith(QuestionPrefix, StringComparison.Ordinal);

    /// <exception cref="ArgumentException">Callers may not give this name.</exception>
    public static void CheckGiven(string name)
    {
        if (name.StartsWith(Reserved, StringComparison.Ordinal))
            throw new ArgumentException($"the name of a durable run may not begin with {Reserved} (RunOptions.Durable)", nameof(name));
        // Rows keep it in UTF-8, which has no lone surrogates.
        if (!Utf16.IsWellFormed(name)) throw new ArgumentException("the name of a durable run may have no lone surrogate (RunOptions.Durable)", nameof(name));
    }

    /// <summary>The tenant as part of a key. No name of a tenant equals that of runs without one.</summary>
    public static string MarkOf(string? tenant) => tenant is null ? "-" : $"+{tenant}";

    /// <summary>The key for people: without the tenant, which may be a secret of its own.</summary>
    public override string ToString() => Name;
}
