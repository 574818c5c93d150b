namespace Enclave.Isolation.Cgroups;

/// <summary>Which control groups a machine has.</summary>
internal enum ControlGroupKind
{
    None,

    /// <summary>A hierarchy per controller.</summary>
    V1,

    /// <summary>One hierarchy for all.</summary>
    V2,

    /// <summary>Controllers in version 1, an empty version 2 beside them.</summary>
    Hybrid,
}
