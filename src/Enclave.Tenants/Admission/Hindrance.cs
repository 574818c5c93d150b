namespace Enclave.Tenants.Admission;

/// <summary>Why a run does not begin now.</summary>
/// <param name="Error">The error of the run if it does not wait, or has waited too long.</param>
/// <param name="MayWait">True if it may wait for a change.</param>
internal sealed record Hindrance(ExecutionError Error, bool MayWait)
{
    /// <summary>A hindrance that no wait removes.</summary>
    public static Hindrance For(ExecutionError error) => new(error, false);
}
