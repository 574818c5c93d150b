namespace Enclave.Broker.Filters;

/// <summary>The decision for an event that matches a rule.</summary>
internal enum FilterMode
{
    /// <summary>Only matching events pass.</summary>
    Include,

    /// <summary>Only other events pass.</summary>
    Exclude,
}
