using System.Security.Cryptography;

namespace Enclave.Runs;

/// <summary>The waits of one durable run that may take long. If the run waits for nothing else, it is put aside after a grace period.</summary>
internal abstract class LongWaits
{
    /// <summary>True if the worker was asked to put the run aside, and it has made no call since.</summary>
    public abstract bool IsSuspending { get; }

    /// <summary>True once the script has done all that it did before.</summary>
    public abstract bool IsReplayed { get; }

    /// <summary>True if the run may wait for approvals only: a later request brings them, and no host goes on with the run before.</summary>
    public abstract bool AreQuestions { get; }

    /// <summary>A token that nobody can guess.</summary>
    public static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>True if somebody approved the call later.</summary>
    public abstract bool IsApproved(uint call);

    /// <summary>Waits for the answer to a call. The wait is in the journal before this returns, and goes on after the run was put aside.</summary>
    /// <param name="call">The call.</param>
    /// <param name="kind">What it waits for.</param>
    /// <param name="name">The name of it, for people.</param>
    /// <param name="token">The token that answers it; empty if only time does.</param>
    /// <param name="until">When the wait ends by itself; null for never.</param>
    /// <exception cref="ToolException">Another wait has this token.</exception>
    /// <exception cref="JournalException">The journal cannot be written or read.</exception>
    /// <exception cref="OperationCanceledException">The run has ended, or was put aside.</exception>
    public abstract Task<JournalAnswer> WaitAsync(ToolInvocation call, WaitKind kind, string name, string token, DateTimeOffset? until);

    /// <summary>Notes that a call was approved. From here on its tool may have been called.</summary>
    public abstract Task ApproveAsync(uint call);

    /// <summary>The host ends: a run that only waits is put aside without a grace period.</summary>
    public abstract void Hurry();

    /// <summary>Looks for answers and moments that have come, and if the run only waits. From any thread.</summary>
    public abstract void Look();
}
