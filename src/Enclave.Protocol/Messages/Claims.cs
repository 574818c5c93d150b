namespace Enclave.Protocol.Messages;

/// <summary>The capabilities of <see cref="ReadyMessage"/>: which layers the worker says it put on. The host checks what can be seen from outside.</summary>
internal static class Claims
{
    public const string Limits = "limits";
    public const string User = "user";
    public const string Seccomp = "seccomp";
    public const string NoExec = "noexec";

    /// <summary>Followed by the version in force.</summary>
    public const string Landlock = "landlock=";

    /// <summary>How memory goes back to the checkpoint after a job: pages that were written are known by write protection.</summary>
    public const string ResetTracked = "reset=tracked";

    /// <summary>As <see cref="ResetTracked"/>, but every page is copied.</summary>
    public const string ResetCopied = "reset=copied";
}
