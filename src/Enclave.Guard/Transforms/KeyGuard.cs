namespace Enclave.Guard.Transforms;

/// <summary>Says if computed keys are checked at run time.</summary>
internal enum KeyGuard
{
    On,

    /// <summary>PERMISSIVE.</summary>
    Off,
}
