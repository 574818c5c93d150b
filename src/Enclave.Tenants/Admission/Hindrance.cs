namespace Enclave.Tenants.Admission;

/// <summary>Why a run does not begin now.</summary>
/// <param name="Error">Its error if it does not wait, or has waited long enough.</param>
/// <param name="MayWait">True if it may wait for a change.</param>
internal sealed record Hindrance(ExecutionError Error, bool MayWait)
{
    /// <summary>One for which no wait helps.</summary>
    public static Hindrance For(ExecutionError error) => new(error, false);
}
