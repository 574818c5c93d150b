using System.Globalization;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>How a system call ended: with a value, with an error, or with the process.</summary>
/// <param name="Value">The kernel's answer; negative for an errno.</param>
/// <param name="Signal">The signal that ended the process; 0 if it lives.</param>
internal readonly record struct CallOutcome(long Value, int Signal)
{
    public const int SignalSystemCall = 31;

    private static readonly Dictionary<int, string> s_errors = new()
    {
        [1] = "EPERM",
        [2] = "ENOENT",
        [3] = "ESRCH",
        [9] = "EBADF",
        [11] = "EAGAIN",
        [12] = "ENOMEM",
        [13] = "EACCES",
        [14] = "EFAULT",
        [16] = "EBUSY",
        [17] = "EEXIST",
        [19] = "ENODEV",
        [20] = "ENOTDIR",
        [22] = "EINVAL",
        [24] = "EMFILE",
        [28] = "ENOSPC",
        [38] = "ENOSYS",
        [95] = "EOPNOTSUPP",
        [97] = "EAFNOSUPPORT",
        [101] = "ENETUNREACH",
        [111] = "ECONNREFUSED",
        [122] = "EDQUOT",
    };

    private static readonly Dictionary<int, string> s_signals = new() { [5] = "SIGTRAP", [9] = "SIGKILL", [11] = "SIGSEGV", [SignalSystemCall] = "SIGSYS" };

    /// <summary>The filter of system calls ended the process.</summary>
    public bool IsForbidden => Signal == SignalSystemCall;

    /// <summary>The kernel ended the process because of an instruction that it does not serve.</summary>
    public bool IsUnknown => s_signals.GetValueOrDefault(Signal) == "SIGSEGV";

    /// <summary>The kernel did what the call asked.</summary>
    public bool IsDone => Signal == 0 && Value >= 0;

    public string? Error => Signal == 0 && Value < 0 ? s_errors.GetValueOrDefault((int)-Value) ?? (-Value).ToString(CultureInfo.InvariantCulture) : null;

    public static CallOutcome Of(long value) => new(value, 0);

    public static CallOutcome Killed(int signal) => new(0, signal);

    /// <summary>The name of the error or signal, or that the call succeeded.</summary>
    public override string ToString() =>
        Error ?? (Signal == 0 ? "done" : s_signals.GetValueOrDefault(Signal) ?? string.Create(CultureInfo.InvariantCulture, $"signal {Signal}"));
}
