using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Transforms;

namespace Enclave.Guard.Presets;

/// <summary>The guard's settings at one level.</summary>
internal sealed record GuardLevelRow
{
    public required GuardLevel Level { get; init; }

    /// <summary>The limits of a script's text. Presets change some of them: <see cref="GuardLevelTable.PreScan"/>.</summary>
    public required PreScanLimits PreScan { get; init; }

    /// <summary>The CPU time for examining any script.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>The CPU time for each further UTF-16 unit of a script, in microseconds.</summary>
    public required double CpuMicrosecondsPerUnit { get; init; }

    /// <summary>The globals that a script may name under every preset except javascript.</summary>
    public required ImmutableArray<string> Globals { get; init; }

    /// <summary>The globals that a script may name under the preset javascript: all that the engine has at this level.</summary>
    public required ImmutableArray<string> JavaScriptGlobals { get; init; }

    /// <summary>The subset of JavaScript that agentscript is at this level; null if it is the whole language except for parts that reach the engine.</summary>
    public required AgentScriptSubset? AgentScript { get; init; }

    /// <summary>The loops that agentscript allows.</summary>
    public required LoopKinds AgentScriptLoops { get; init; }

    /// <summary>The rule of agentscript for the names of called tools.</summary>
    public required CallTargetUse AgentScriptCallTargets { get; init; }

    /// <summary>Says if computed keys are checked at run time. Under the preset javascript they never are.</summary>
    public required KeyGuard Keys { get; init; }

    /// <summary>Says if a script runs that could not be scored, unless an option decides.</summary>
    public required FailureMode OnUnscored { get; init; }
}
