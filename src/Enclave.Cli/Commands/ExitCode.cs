namespace Enclave.Cli.Commands;

/// <summary>What the process says when it ends: docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Success = 0, ScriptFailed = 1, Usage = 2, LimitMet = 3, Refused = 4, HostFailed = 5;

    /// <summary>What was asked by <c>enclave health</c> is not well: container engines know 0 and 1, and keep 2 for themselves.</summary>
    public const int NotWell = 1;

    /// <summary>A process that ends because of a signal says 128 and the signal's number.</summary>
    public const int Signal = 128;

    public static int For(ExecutionResult result) => result.Error is { } error ? For(error.Code) : Success;

    private static int For(ErrorCode code) => code switch
    {
        ErrorCode.RuntimeError or ErrorCode.ToolError => ScriptFailed,
        ErrorCode.Timeout or ErrorCode.MemoryLimitExceeded or ErrorCode.MaxToolCalls or ErrorCode.MaxIterations => LimitMet,
        ErrorCode.OutputLimit or ErrorCode.MessageFlood => LimitMet,
        ErrorCode.ValidationError or ErrorCode.ScoringBlocked => Refused,
        _ => HostFailed,
    };
}
