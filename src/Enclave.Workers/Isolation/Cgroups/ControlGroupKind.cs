namespace Enclave.Isolation.Cgroups;

/// <summary>The versions of control groups on a machine.</summary>
internal enum ControlGroupKind
{
    None,

    /// <summary>Version 1: a hierarchy per controller.</summary>
    V1,

    /// <summary>Version 2: one hierarchy for all.</summary>
    V2,

    /// <summary>Controllers in version 1, beside an empty version 2.</summary>
    Hybrid,
}
