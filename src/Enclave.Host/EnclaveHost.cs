using System.Text;
using Enclave.Diagnostics;
using Enclave.Execution;
using Enclave.Guard;
using Enclave.Guard.Scoring;
using Enclave.Limits;
using Enclave.Pool;
using Enclave.Protocol.Messages;
using Enclave.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave;

/// <summary>The host of untrusted scripts: one per application is enough.</summary>
/// <example>
/// <code>
/// await using var enclave = new EnclaveHost(new EnclaveOptions { ToolHandler = (name, args, context) => new(42) });
/// ExecutionResult result = await enclave.RunAsync("return await callTool('answer')");
/// </code>
/// </example>
public sealed class EnclaveHost : IEnclave
{
    /// <summary>Of a message, kept for what is not the value or the source: ids, limits, names.</summary>
    private const int MessageOverhead = 16 * 1024;

    private readonly EnclaveOptions _options;
    private readonly WorkerPoolOptions _poolOptions;
    private readonly LevelLimits _level;
    private readonly WorkerPool? _pool;
    private readonly ExecutionError? _unavailable;
    private readonly ILogger _log;
    private readonly byte[] _globals;
    private readonly IReadOnlyCollection<string> _globalNames;
    private readonly ScriptGuard _guard;
    private readonly ScoringGate? _scoring;
    private long _nextJob;
    private int _disposed;

    /// <summary>A host with these options. With a worker pool, its workers start at once.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names key, value and range.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux x64 with glibc 2.36 or newer.</exception>
    /// <exception cref="DirectoryNotFoundException">The engine or the worker is missing; the message says how to get it.</exception>
    public EnclaveHost(EnclaveOptions? options = null, ILoggerFactory? loggerFactory = null)
        : this(options ?? new EnclaveOptions(), loggerFactory, launcher: null)
    {
    }

    internal EnclaveHost(EnclaveOptions options, ILoggerFactory? loggerFactory, IWorkerLauncher? launcher)
    {
        OptionsCheck.Check(options);
        _options = options;
        _log = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Enclave");
        _poolOptions = options.Adapter.Resolve(options);
        _level = LevelLimits.For(options.SecurityLevel);
        _globals = GlobalsEncoder.Encode(options.Globals, null);
        _globalNames = options.Globals is null ? [] : [.. options.Globals.Keys];
        var level = (GuardLevel)options.SecurityLevel;
        _guard = new ScriptGuard(new GuardSettings
        {
            Level = level,
            Preset = options.Preset,
            Options = options.Guard,
            Checks = options.Validate ? StaticChecks.On : StaticChecks.Off,
            CacheBytes = options.GuardCacheBytes,
        });
        if (options.Scoring is not null) _scoring = new ScoringGate(options.Scoring, level, options.TimeProvider);
        IsolationLayer[] missing = [.. _level.MandatoryLayers.Except(options.AllowDegradedIsolation)];
        if (missing.Length > 0)
        {
            _unavailable = FailureText.Isolation(options.SecurityLevel, missing);
            return;
        }

        if (_level.MandatoryLayers.Count > 0) Log.DegradedIsolation(_log, options.SecurityLevel, string.Join(", ", _level.MandatoryLayers));
        launcher ??= new WorkerLauncher(WorkerCommand.For(EngineFiles.Find(options.EngineDirectory), _level.EngineFlags));
        _pool = new WorkerPool(options, _poolOptions, launcher, new ResultBuilder(options.VerboseErrors, _poolOptions), _log);
        _pool.Open();
    }

    /// <inheritdoc/>
    public Task<ExecutionResult> RunAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (options is not null) OptionsCheck.Check(options, _poolOptions);
        byte[] globals = options?.Globals is { Count: > 0 } own ? GlobalsEncoder.Encode(_options.Globals, own) : _globals;
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<ExecutionResult>(cancellationToken);
        if (_unavailable is not null) return Refused(_unavailable);
        if (TooLarge(code, globals) is { } tooLong) return Refused(tooLong);
        GuardVerdict verdict = _guard.Examine(code, GlobalNames(options));
        if (!verdict.IsAccepted) return Refused(Refusal.Of(verdict));
        if (TooLarge(verdict.Script.Code, globals) is { } tooLarge) return Refused(tooLarge);
        return _scoring is null ? Submit(verdict.Script, globals, options, cancellationToken) : ScoreAndSubmitAsync(verdict.Script, globals, options, cancellationToken);
    }

    /// <inheritdoc/>
    public ValidationResult Validate(string code, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        return _guard.Validate(code, GlobalNames(options));
    }

    /// <inheritdoc/>
    public ScoreResult Score(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return RuleBasedScorer.Score(code);
    }

    /// <inheritdoc/>
    public PoolSnapshot GetSnapshot() => _pool?.GetSnapshot() ?? new PoolSnapshot();

    /// <summary>Completes when the workers that are always kept are ready.</summary>
    /// <exception cref="InvalidOperationException">They cannot start, or a mandatory layer of the level is missing.</exception>
    public Task WarmUpAsync(CancellationToken cancellationToken = default) =>
        _pool?.WarmUpAsync(cancellationToken) ?? Task.FromException(new InvalidOperationException(_unavailable!.Message));

    /// <summary>Refuses new jobs, lets running ones end within <see cref="WorkerPoolOptions.GracefulShutdownTimeout"/>, kills the rest, and reaps every process.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, 1);
        if (_pool is not null) await _pool.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ExecutionResult> ScoreAndSubmitAsync(GuardedScript script, byte[] globals, RunOptions? options, CancellationToken cancellationToken)
    {
        ScoreVerdict verdict = await _scoring!.JudgeAsync(script.Source, script.Program, script.Tools, $"{_options.SecurityLevel}/{_options.Preset}", cancellationToken).ConfigureAwait(false);
        if (verdict.Outcome == ScoreOutcome.Blocked) return ResultBuilder.Failure(Refusal.Of(verdict), new ExecutionStats(), "");
        return await Submit(script, globals, options, cancellationToken).ConfigureAwait(false);
    }

    private Task<ExecutionResult> Submit(GuardedScript script, byte[] globals, RunOptions? options, CancellationToken cancellationToken)
    {
        var job = new ExecutionJob((ulong)Interlocked.Increment(ref _nextJob), script, Limits(options), globals, options, (fault) => Log.ConsoleCallbackFailed(_log, fault));
        _pool!.Submit(job);
        job.WatchCancellation((cancelled) => _pool.Cancel(cancelled, cancellationToken), cancellationToken);
        return job.Answer;
    }

    private IReadOnlyCollection<string> GlobalNames(RunOptions? options) =>
        options?.Globals is { Count: > 0 } own ? [.. _globalNames.Concat(own.Keys).Distinct(StringComparer.Ordinal)] : _globalNames;

    private RunLimits Limits(RunOptions? run)
    {
        TimeSpan timeout = run?.Timeout ?? _options.Timeout ?? _level.Timeout;
        return new RunLimits
        {
            TimeoutMicroseconds = timeout.ToMicroseconds(),
            CpuMicroseconds = (run?.CpuTimeout ?? _options.CpuTimeout ?? timeout).ToMicroseconds(),
            MemoryBytes = run?.MemoryLimit ?? _options.MemoryLimit,
            MaxToolCalls = run?.MaxToolCalls ?? _options.MaxToolCalls ?? _level.MaxToolCalls,
            MaxPendingToolCalls = _poolOptions.MaxPendingToolCalls,
            MaxIterations = run?.MaxIterations ?? _options.MaxIterations ?? _level.MaxIterations,
            MaxConsoleCalls = run?.MaxConsoleCalls ?? _options.MaxConsoleCalls ?? _level.MaxConsoleCalls,
            MaxConsoleBytes = run?.MaxConsoleBytes ?? _options.MaxConsoleBytes ?? Math.Min(_level.MaxConsoleBytes, _poolOptions.MaxMessageBytes / 2),
            MaxValueDepth = _level.MaxValueDepth,
            MaxValueProperties = _level.MaxValueProperties,
            MaxValueBytes = _poolOptions.MaxMessageBytes - MessageOverhead,
        };
    }

    private ExecutionError? TooLarge(string code, byte[] globals)
    {
        int limit = _poolOptions.MaxMessageBytes - MessageOverhead;
        // Three bytes of UTF-8 per character at most: most sources need no counting.
        if (((long)code.Length * 3) + globals.Length <= limit || Encoding.UTF8.GetByteCount(code) + (long)globals.Length <= limit) return null;
        return new ExecutionError
        {
            Code = ErrorCode.ValidationError,
            Name = ErrorCode.ValidationError.ToCode(),
            Message = $"the code and its globals are larger than {limit} bytes (MaxMessageBytes): docs/errors/VALIDATION_ERROR.md",
        };
    }

    private static Task<ExecutionResult> Refused(ExecutionError error) => Task.FromResult(ResultBuilder.Failure(error, new ExecutionStats(), ""));
}
