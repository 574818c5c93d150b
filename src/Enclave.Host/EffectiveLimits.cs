using System.Text;
using Enclave.Guard;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Protocol.Messages;

namespace Enclave;

/// <summary>The limits of one run.</summary>
/// <param name="options">The host's options.</param>
/// <param name="pool">The sizes of its pool.</param>
/// <param name="level">The defaults of its level.</param>
internal sealed class EffectiveLimits(EnclaveOptions options, WorkerPoolOptions pool, LevelLimits level)
{
    /// <summary>Bytes of each message reserved for everything except value and source: ids, limits, names.</summary>
    private const int MessageOverhead = 16 * 1024;

    /// <summary>
    /// The factor on the level's iterations for one loop of the whole language: one loop may make as many as all loops of the dialect together. Ordinary work
    /// has more rows and words than one loop of the dialect may visit, and time bounds it too.
    /// </summary>
    private const int WholeLanguage = 100;

    /// <summary>The limits of a run that sets none: the host's, or else the level's.</summary>
    private readonly LimitOptions _defaults = new LimitOptions { Timeout = options.DoubleVm is { Enabled: true, InnerTimeout: var inner } ? inner : null }
        .Over(options.Limits)
        .Over(new LimitOptions(level) { Timeout = level.Timeout }.Within(new LimitOptions { MaxConsoleBytes = pool.MaxMessageBytes / 2 }));

    /// <summary>The limits of a run: its own, or else the host's, or else the level's.</summary>
    public RunLimits Of(RunOptions? run)
    {
        LimitOptions limits = run?.Over(_defaults) ?? _defaults;
        TimeSpan timeout = limits.Timeout!.Value;
        bool isWhole = options.PresetOf(run) == GuardPreset.JavaScript && (run?.MaxIterations ?? options.Limits.MaxIterations) is null;
        return new RunLimits
        {
            TimeoutMicroseconds = timeout.ToMicroseconds(),
            CpuMicroseconds = (limits.CpuTimeout ?? timeout).ToMicroseconds(),
            MemoryBytes = limits.MemoryLimit!.Value,
            MaxToolCalls = limits.MaxToolCalls!.Value,
            MaxPendingToolCalls = pool.MaxPendingToolCalls,
            MaxIterations = limits.MaxIterations!.Value * (isWhole ? WholeLanguage : 1),
            MaxConsoleCalls = limits.MaxConsoleCalls!.Value,
            MaxConsoleBytes = limits.MaxConsoleBytes!.Value,
            MaxValueDepth = level.MaxValueDepth,
            MaxValueProperties = level.MaxValueProperties,
            MaxValueBytes = pool.MaxMessageBytes - MessageOverhead,
        };
    }

    /// <summary>The error of a program that is too large for a message; null if it fits.</summary>
    public ExecutionError? TooLarge(string code, byte[] globals)
    {
        int limit = pool.MaxMessageBytes - MessageOverhead;
        // A character takes at most three bytes of UTF-8, so most sources need no counting.
        if (((long)code.Length * 3) + globals.Length <= limit || Encoding.UTF8.GetByteCount(code) + (long)globals.Length <= limit) return null;
        return new ExecutionError
        {
            Code = ErrorCode.ValidationError,
            Name = ErrorCode.ValidationError.ToCode(),
            Message = $"the code and its globals are larger than {limit} bytes (MaxMessageBytes): docs/errors/VALIDATION_ERROR.md",
        };
    }
}
