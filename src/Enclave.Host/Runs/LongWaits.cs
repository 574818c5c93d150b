using System.Security.Cryptography;

namespace Enclave.Runs;

/// <summary>The waits of one durable run that may take long. If the run waits for nothing else, it is suspended after a grace period.</summary>
internal abstract class LongWaits
{
    /// <summary>True if the worker was asked to suspend the run, and the run has made no call since.</summary>
    public abstract bool IsSuspending { get; }

    /// <summary>True once the script has repeated all of its history.</summary>
    public abstract bool IsReplayed { get; }

    /// <summary>True if the run may wait for approvals only: a later request brings them, and no host continues the run before that.</summary>
    public abstract bool AreQuestions { get; }

    /// <summary>A token that cannot be guessed.</summary>
    public static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>True if the call was approved by a later answer.</summary>
    public abstract bool IsApproved(uint call);

    /// <summary>Waits for the answer to a call. The wait is in the journal before this returns, and lasts while the run is suspended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="kind">What it waits for.</param>
    /// <param name="name">The name of it, for people.</param>
    /// <param name="token">The token that answers it; empty if only time does.</param>
    /// <param name="until">When the wait ends by itself; null for never.</param>
    /// <exception cref="ToolException">Another wait has this token.</exception>
    /// <exception cref="JournalException">The journal cannot be written or read.</exception>
    /// <exception cref="OperationCanceledException">The run has ended, or was suspended.</exception>
    public abstract Task<JournalAnswer> WaitAsync(ToolInvocation call, WaitKind kind, string name, string token, DateTimeOffset? until);

    /// <summary>Notes that a call was approved. From here on its tool may have been called.</summary>
    public abstract Task ApproveAsync(uint call);

    /// <summary>Suspends a run that only waits without a grace period, because the host ends or a user must be asked.</summary>
    public abstract void Hurry();

    /// <summary>Looks for answers and moments that have come, and if the run only waits. From any thread.</summary>
    public abstract void Look();
}
