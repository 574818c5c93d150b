namespace Enclave.Broker.Filters;

/// <summary>Rules, and the decision for an event that matches one of them.</summary>
internal sealed record FilterClause(FilterMode Mode, IReadOnlyList<FilterRule> Rules)
{
    /// <summary>True if the type of an event is enough to decide.</summary>
    public bool OnlyTypes { get; } = Rules.All((rule) => rule.Patterns is null);

    public bool Passes(string type, FilteredEvent filtered)
    {
        bool matches = false;
        foreach (FilterRule rule in Rules)
        {
            matches = rule.Matches(type, filtered);
            if (matches) break;
        }

        return matches == (Mode == FilterMode.Include);
    }
}
