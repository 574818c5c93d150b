using Enclave.Tenants;

namespace Enclave.Cli.Commands;

/// <summary>The exit codes of the command: docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Success = 0, ScriptFailed = 1, Usage = 2, LimitMet = 3, Refused = 4, HostFailed = 5;

    /// <summary>A durable run was suspended: it has not ended.</summary>
    public const int Suspended = 6;

    /// <summary>A quota of the tenant is used up.</summary>
    public const int QuotaUsedUp = 7;

    /// <summary>The tenant may not run scripts now: it is suspended, paused, unknown, or has as many runs as it may.</summary>
    public const int TenantRefused = 8;

    /// <summary><c>enclave health</c> found something unhealthy. Container engines use 0 and 1, and reserve 2.</summary>
    public const int Unhealthy = 1;

    /// <summary>A process that a signal ends returns 128 plus the signal's number.</summary>
    public const int Signal = 128;

    public static int For(ExecutionResult result) => result.Error is { } error ? For(error.Code) : Success;

    /// <summary>The user's mistake, or the store's fault.</summary>
    public static int For(JournalException fault) => fault.Fault switch
    {
        JournalFault.NotFound or JournalFault.NameTaken or JournalFault.Answered => Usage,
        JournalFault.NotRepeated => ScriptFailed,
        _ => HostFailed,
    };

    /// <inheritdoc cref="For(JournalException)"/>
    public static int For(SavedScriptException fault) => fault.Fault switch
    {
        SavedScriptFault.NotFound or SavedScriptFault.OutOfRange or SavedScriptFault.Arguments => Usage,
        SavedScriptFault.Refused => Refused,
        _ => HostFailed,
    };

    private static int For(ErrorCode code) => code switch
    {
        ErrorCode.RuntimeError or ErrorCode.ToolError => ScriptFailed,
        ErrorCode.Timeout or ErrorCode.MemoryLimitExceeded or ErrorCode.MaxToolCalls or ErrorCode.MaxIterations => LimitMet,
        ErrorCode.OutputLimit or ErrorCode.MessageFlood => LimitMet,
        ErrorCode.ValidationError or ErrorCode.ScoringBlocked => Refused,
        ErrorCode.QuotaExceeded => QuotaUsedUp,
        ErrorCode.TenantSuspended or ErrorCode.TenantPaused or ErrorCode.TenantUnknown or ErrorCode.ShareFull => TenantRefused,
        _ => HostFailed,
    };
}
