namespace Enclave.Limits;

/// <summary>A level's defaults for one run (docs/levels.md, from the documented product's own table), and what its engine has.</summary>
internal sealed record LevelLimits
{
    public required TimeSpan Timeout { get; init; }

    public required int MaxIterations { get; init; }

    public required int MaxToolCalls { get; init; }

    public required int MaxConsoleCalls { get; init; }

    public required long MaxConsoleBytes { get; init; }

    public required int MaxValueDepth { get; init; }

    public required int MaxValueProperties { get; init; }

    /// <summary>From the end of a run's time until the process is killed, for a worker that could stop by itself.</summary>
    public required TimeSpan KillGrace { get; init; }

    /// <summary>V8's flags: which compilers exist at this level. Escapes come from the optimising ones.</summary>
    public required IReadOnlyList<string> EngineFlags { get; init; }

    public required IReadOnlyList<string> RemovedGlobals { get; init; }

    /// <summary>True if a worker serves one tenant in its life.</summary>
    public required bool OneTenantPerWorker { get; init; }

    /// <summary>The steps in which <c>Date</c> moves.</summary>
    public required TimeSpan ClockStep { get; init; }

    /// <summary>How often a worker's memory is compared with its checkpoint, unless an option says otherwise.</summary>
    public ResetComparison ResetComparison { get; init; } = ResetComparison.Off;

    private static readonly string[] s_everyLevel = ["--disallow-code-generation-from-strings", "--enable-experimental-regexp-engine-on-excessive-backtracks"];

    /// <summary>Wasm is a compiler more; growable shared buffers take memory past the counting allocator (Bootstrap/buffers.js refuses the others).</summary>
    private static readonly string[] s_removed = ["WebAssembly", "SharedArrayBuffer"];

    /// <summary>Weak references see the collector, and Atomics are half of a clock.</summary>
    private static readonly string[] s_hardened = [.. s_removed, "Atomics", "WeakRef", "FinalizationRegistry"];

    public static LevelLimits Strict { get; } = new()
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxIterations = 1000,
        MaxToolCalls = 10,
        MaxConsoleCalls = 100,
        MaxConsoleBytes = 64 << 10,
        MaxValueDepth = 20,
        MaxValueProperties = 10_000,
        KillGrace = TimeSpan.Zero,
        EngineFlags = [.. s_everyLevel, "--jitless"],
        RemovedGlobals = s_hardened,
        ResetComparison = ResetComparison.EveryRun,
        OneTenantPerWorker = true,
        ClockStep = TimeSpan.FromMilliseconds(100),
    };

    public static LevelLimits Secure { get; } = Strict with
    {
        Timeout = TimeSpan.FromSeconds(15),
        MaxIterations = 5000,
        MaxToolCalls = 50,
        MaxConsoleCalls = 500,
        MaxConsoleBytes = 256 << 10,
        KillGrace = TimeSpan.FromMilliseconds(25),
        EngineFlags = [.. s_everyLevel, "--no-opt", "--no-maglev"],
        ResetComparison = ResetComparison.Sampled,
    };

    public static LevelLimits Standard { get; } = new()
    {
        Timeout = TimeSpan.FromSeconds(30),
        MaxIterations = 10_000,
        MaxToolCalls = 100,
        MaxConsoleCalls = 1000,
        MaxConsoleBytes = 1 << 20,
        MaxValueDepth = 50,
        MaxValueProperties = 100_000,
        KillGrace = TimeSpan.FromMilliseconds(50),
        // Maglev costs small jobs more than it gives; it is left to those that run on.
        EngineFlags = [.. s_everyLevel, "--invocation-count-for-maglev=4000"],
        RemovedGlobals = s_removed,
        OneTenantPerWorker = false,
        ClockStep = TimeSpan.FromMilliseconds(1),
    };

    public static LevelLimits Permissive { get; } = Standard with
    {
        Timeout = TimeSpan.FromSeconds(60),
        MaxIterations = 100_000,
        MaxToolCalls = 1000,
        MaxConsoleCalls = 10_000,
        MaxConsoleBytes = 10 << 20,
        MaxValueDepth = 100,
        MaxValueProperties = 1_000_000,
        KillGrace = TimeSpan.FromMilliseconds(100),
    };

    public static LevelLimits For(SecurityLevel level) => level switch
    {
        SecurityLevel.Strict => Strict,
        SecurityLevel.Secure => Secure,
        SecurityLevel.Standard => Standard,
        SecurityLevel.Permissive => Permissive,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "SecurityLevel is Strict, Secure, Standard or Permissive."),
    };
}
