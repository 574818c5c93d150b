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
}
