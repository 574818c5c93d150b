namespace Enclave.Guard.Transforms;

/// <summary>Whether computed keys are checked when they are used.</summary>
internal enum KeyGuard
{
    On,

    /// <summary>PERMISSIVE.</summary>
    Off,
}
