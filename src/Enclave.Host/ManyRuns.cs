using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Enclave.Audit;
using Enclave.Guard;
using Enclave.Guard.Transforms;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Runs;

namespace Enclave;

// One script over many inputs. A run costs some 60 µs beside its script, an expression 0.1. So a run may visit its worker for many inputs: the program runs
// as a function inside a loop (InputLoop). A visit is short and takes as many inputs as some milliseconds allow. Whenever it does not end with a value for
// each input, the inputs in question run again, in smaller visits, and at last alone: the answer of an input that fails, and each of its limits, are those
// of a run of its own. Only programs that compute may run twice: a program that names a tool or the console has a run for each input from the beginning.

/// <summary>The runs of one script for many inputs.</summary>
internal sealed class ManyRuns
{
    private const int FirstRoom = 32;
    private const int MaxInputs = 4096;
    private const int MaxBytes = 256 * 1024;

    // The time of a visit. Longer visits would gain nothing, and hold a worker that other runs wait for.
    private static readonly TimeSpan s_visit = TimeSpan.FromMilliseconds(10);

    // The longest visit. A longer one has an input that takes long: this input gets its whole time in a run of its own.
    private static readonly TimeSpan s_longestVisit = TimeSpan.FromMilliseconds(250);

    private readonly HostParts _host;
    private readonly string _code;
    private readonly RunManyOptions _options;
    private readonly RunOptions _one;
    private readonly RunOptions _many;
    private readonly byte[] _globals;
    private readonly ImmutableArray<string> _names;

    private readonly bool _isAlone;

    // Inputs of the next visit.
    private int _room = FirstRoom;

    /// <exception cref="ArgumentException">An option is out of its range, or has no meaning for many inputs.</exception>
    public ManyRuns(HostParts host, string code, RunManyOptions options)
    {
        Check(options);
        host.Pipeline.Check(options.Run);
        (_host, _code, _options) = (host, code, options);
        _one = options.Run ?? new RunOptions();
        RunLimits limits = host.Settings.Limits.Of(_one);
        _many = _one with
        {
            MaxToolCalls = 0,
            Timeout = Least(s_longestVisit, Clock.Time(limits.TimeoutMicroseconds)),
            CpuTimeout = Least(s_longestVisit, Clock.Time(limits.CpuMicroseconds)),
        };
        IReadOnlyCollection<string> names = host.Settings.GlobalNamesOf(_one);
        if (names.Contains(options.InputName)) throw new ArgumentException($"InputName is \"{options.InputName}\", which is a global of the run.");
        GlobalsEncoder.CheckName(options.InputName);
        _globals = host.Settings.GlobalsOf(_one);
        _names = [.. names, options.InputName];
        _isAlone = options.FreshRealm || code.Length > LargeScripts.Least || MayAct();
    }

    /// <summary>Runs the script for each input, in order.</summary>
    public async IAsyncEnumerable<InputResult> RunAsync(IAsyncEnumerable<object?> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var late = _options.TotalTimeout is { } total
            ? new CancellationTokenSource(total, _host.Settings.Options.TimeProvider)
            : new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await using var reader = new InputReader(inputs, cancellationToken);
        var running = new Queue<Task<InputResult[]>>();
        try
        {
            while (true)
            {
                // A slow source does not hold up answers.
                if (running.Count > 0 && (running.Count >= _options.Concurrency || !reader.IsReady))
                {
                    foreach (InputResult result in await running.Dequeue().ConfigureAwait(false)) yield return result;
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }

                if (await reader.ReadAsync(_isAlone ? 1 : _room, MaxBytes).ConfigureAwait(false) is not { } batch) break;
                running.Enqueue(AnswerAsync(batch, late.Token, end.Token));
            }

            foreach (Task<InputResult[]> batch in running)
            {
                foreach (InputResult result in await batch.ConfigureAwait(false)) yield return result;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            // A caller that leaves early ends the runs.
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Check(RunManyOptions options)
    {
        if (options.Concurrency is < 1 or > 64) throw new ArgumentException($"Concurrency is {options.Concurrency}; the range is 1 to 64.");
        if (options.TotalTimeout is { } total && (total <= TimeSpan.Zero || total > TimeSpan.FromDays(1)))
            throw new ArgumentException($"TotalTimeout is {total}; the range is above zero to one day.");
        if (options.Run is { } run && (run.Durable ?? run.Conversation ?? run.RunId) is not null)
            throw new ArgumentException("Run has a name (Durable, Conversation or RunId), which many runs cannot share.");
        if (options.Run is { Record: true }) throw new ArgumentException("Run.Record is set: a recording is of one run.");
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task<InputResult[]> AnswerAsync(InputBatch batch, CancellationToken late, CancellationToken cancellationToken)
    {
        var results = new InputResult[batch.Count];
        int at = 0, room = batch.Count;
        try
        {
            while (at < batch.Count)
            {
                int count = _isAlone ? 1 : Math.Min(room, batch.Count - at);
                if (count == 1)
                {
                    results[at] = await RunOneAsync(batch, at, cancellationToken).ConfigureAwait(false);
                    (at, room) = (at + 1, room * 2);
                }
                else if (await VisitAsync(batch, at, count, results, cancellationToken).ConfigureAwait(false))
                {
                    (at, room) = (at + count, room * 2);
                }
                else
                {
                    _room = room = Math.Max(1, count / 8);
                }
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            for (; at < batch.Count; at++) results[at] = new InputResult(batch.First + at, ScriptValue.Undefined, TooLate());
        }

        return results;
    }

    private async Task<InputResult> RunOneAsync(InputBatch batch, int at, CancellationToken cancellationToken)
    {
        byte[] globals = batch.One(_globals, _options.InputName, at);
        ExecutionResult result = await BeginAsync(_one, globals, null, cancellationToken).ConfigureAwait(false);
        if (_room == 1 && result.Stats.Duration < s_visit) _room = 8;
        return new InputResult(batch.First + at, result.Value, result.Error);
    }

    /// <summary>Runs some inputs in one visit. False if it did not end with a value or an error for each.</summary>
    private async Task<bool> VisitAsync(InputBatch batch, int at, int count, InputResult[] results, CancellationToken cancellationToken)
    {
        byte[] globals = batch.Many(_globals, HiddenNames.Inputs, at, count);
        ExecutionResult visit = await BeginAsync(_many, globals, Repeat, cancellationToken).ConfigureAwait(false);
        if (visit.Error is { } error)
        {
            if (IsOfScript(error.Code)) return false;
            for (int i = 0; i < count; i++) results[at + i] = new InputResult(batch.First + at + i, ScriptValue.Undefined, error);
            return true;
        }

        if (!TryRead(visit.Value, count, out ImmutableArray<ScriptValue> values, out ImmutableArray<ScriptValue> failed)) return false;
        for (int i = 0; i < count; i++) results[at + i] = new InputResult(batch.First + at + i, values[i], null);
        foreach (ScriptValue index in failed)
        {
            int place = at + (int)index.AsDouble();
            results[place] = await RunOneAsync(batch, place, cancellationToken).ConfigureAwait(false);
        }

        double share = s_visit / (visit.Stats.Duration + TimeSpan.FromTicks(1));
        if (share < 1 || count >= _room) _room = (int)Math.Clamp(count * Math.Clamp(share, 0.125, 8), 1, MaxInputs);
        return true;
    }

    private Task<ExecutionResult> BeginAsync(
        RunOptions options, byte[] globals, Func<ScriptGuard, GuardedScript, GuardedScript>? rewrite, CancellationToken cancellationToken) =>
        _host.Pipeline.RunAsync(
            new FeatureRun(_code, options, globals, _names, Determinism: null, RunHooks.None, AuditedRunKind.Run) { Rewrite = rewrite }, cancellationToken);

    /// <summary>The loop around the program that the rules of the run made: a gate may have narrowed them.</summary>
    private GuardedScript Repeat(ScriptGuard guard, GuardedScript script) => script.OverInputs(_options.InputName);

    /// <summary>True if the program may do more than compute. A refused program does nothing.</summary>
    private bool MayAct()
    {
        ScriptGuard guard = _host.Examiner.GuardOf(_one);
        ValidationResult verdict = guard.Examine(_code, _names, _one.Tenant, ScriptLanguages.Of(_one), CancellationToken.None);
        return !verdict.IsAccepted || InputLoop.MayAct(verdict.Script);
    }

    /// <summary>Reads the value of a visit. The worker may say anything.</summary>
    private static bool TryRead(ScriptValue value, int count, out ImmutableArray<ScriptValue> values, out ImmutableArray<ScriptValue> failed)
    {
        values = failed = [];
        if (value is not { Kind: ScriptValueKind.Array, Count: 2 } || value[0].Kind != ScriptValueKind.Array || value[1].Kind != ScriptValueKind.Array)
            return false;
        (values, failed) = (value[0].Items, value[1].Items);
        return values.Length == count && failed.Length <= count
            && failed.All((index) => index.Kind == ScriptValueKind.Number && index.AsDouble() is >= 0 and var place && place < count);
    }

    /// <summary>True if one input of a visit may have caused the error. Other errors concern all inputs.</summary>
    private static bool IsOfScript(ErrorCode code) => code
        is ErrorCode.RuntimeError or ErrorCode.Timeout or ErrorCode.MemoryLimitExceeded or ErrorCode.MaxIterations or ErrorCode.OutputLimit
        or ErrorCode.MaxToolCalls or ErrorCode.ToolError or ErrorCode.WorkerCrashed or ErrorCode.ValidationError;

    private ExecutionError TooLate() => new()
    {
        Code = ErrorCode.Timeout,
        Name = ErrorCode.Timeout.ToCode(),
        Message = $"all inputs together took longer than {_options.TotalTimeout} (TotalTimeout): docs/errors/TIMEOUT.md",
    };
}
