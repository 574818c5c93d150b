using System.Text;
using System.Text.Json;
using Enclave.Limits;
using Enclave.Runs;

namespace Enclave.Models;

/// <summary>
/// Runs of a model's scripts that answer before they end: with what they printed, and a handle to wait with. A run ends with its own timeout, also if no call
/// waits for it.
/// </summary>
/// <param name="yieldAfter">How long a call waits for the end of a run.</param>
/// <param name="tokens">The most tokens of an answer.</param>
/// <param name="clock">The clock by which answers become old.</param>
internal sealed class CodeRuns(TimeSpan yieldAfter, int tokens, TimeProvider clock)
{
    /// <summary>The most runs of one owner that have not given their last answer, and of all owners.</summary>
    public const int MaxOfOwner = 8, Most = 1000;

    /// <summary>The name of the function that waits.</summary>
    public const string Wait = "wait_code";

    /// <summary>The description of the function, for models.</summary>
    public const string Purpose =
        "Waits for a script that run_code answered with running: gives what it printed since, and at its end what run_code would have given, once. "
        + "With cancel it ends the script.";

    /// <summary>The schema of its arguments.</summary>
    public const string Arguments =
        """
        {
          "type": "object",
          "properties": {
            "running": { "type": "string", "description": "From the answer of run_code." },
            "seconds": { "type": "number", "minimum": 0, "maximum": 300, "description": "The longest wait." },
            "cancel": { "type": "boolean", "description": "True to end the script." }
          },
          "required": ["running"], "additionalProperties": false
        }
        """;

    private const int MaxSeconds = 300;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, OpenRun> _open = new(StringComparer.Ordinal);

    /// <summary>The runs of one set of functions; null where all answer at their end.</summary>
    /// <exception cref="ArgumentException">The time is out of its range.</exception>
    public static CodeRuns? Of(TimeSpan? yieldAfter, int tokens, TimeProvider? clock)
    {
        if (yieldAfter is not { } time) return null;
        return time >= TimeSpan.FromMilliseconds(10) && time <= TimeSpan.FromSeconds(MaxSeconds)
            ? new CodeRuns(time, tokens, clock ?? TimeProvider.System)
            : throw new ArgumentException($"YieldAfter is {time}; its range is 10 ms to {MaxSeconds} s.", nameof(yieldAfter));
    }

    /// <summary>Runs a script, and answers at its end or when it takes too long.</summary>
    /// <param name="owner">Who may wait for it: the tenant and the conversation.</param>
    /// <param name="start">Starts it. It gets a sink for what the script prints.</param>
    /// <param name="limits">The most that an answer may have.</param>
    /// <param name="cancellationToken">Ends the run until the first answer, and nothing afterwards.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<CodeReply> RunAsync(
        (string? Tenant, string? Conversation) owner, Func<Action<string>, CancellationToken, Task<ExecutionResult>> start, AnswerLimits limits,
        CancellationToken cancellationToken)
    {
        var run = new OpenRun(owner, limits);
        lock (_gate)
        {
            int own = _open.Values.Count((one) => one.Owner == owner);
            if (own >= MaxOfOwner || _open.Count >= Most)
                return Failure($"{own} scripts of this conversation have not given their last answer: wait for one with {Wait}, or cancel it.");
            _open.Add(run.Handle, run);
        }

        // Also true if the call fails or is cancelled: the run is then removed.
        bool isOver = true;
        try
        {
            run.Start(start);
            using CancellationTokenRegistration cancel = cancellationToken.Register(static (open) => ((OpenRun)open!).Cancel(), run);
            await run.EndsAsync(yieldAfter, cancellationToken).ConfigureAwait(false);
            isOver = run.IsOver;
            if (!isOver) _ = KeepAsync(run);
            return isOver ? await run.AnswerAsync().ConfigureAwait(false) : run.Running();
        }
        catch (OperationCanceledException)
        {
            // Cancel here too: the registration may be disposed of before the token calls it.
            run.Cancel();
            throw;
        }
        finally
        {
            if (isOver) Remove(run);
        }
    }

    /// <summary>Waits for a run by the arguments of a model.</summary>
    /// <param name="owner">The tenant and the conversation of the caller.</param>
    /// <param name="arguments">The arguments, as <see cref="Arguments"/> has them.</param>
    /// <param name="cancellationToken">Ends the wait; the run continues.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<CodeReply> WaitAsync(
        (string? Tenant, string? Conversation) owner, Func<string, JsonElement?> arguments, CancellationToken cancellationToken)
    {
        if (arguments("running") is not { ValueKind: JsonValueKind.String } handle)
            return Failure("running is missing: give the text of run_code's answer.");
        double seconds = yieldAfter.TotalSeconds;
        if (arguments("seconds") is { ValueKind: not JsonValueKind.Null } given
            && (given.ValueKind != JsonValueKind.Number || !given.TryGetDouble(out seconds) || seconds is not (>= 0 and <= MaxSeconds)))
            return Failure($"seconds is a number from 0 to {MaxSeconds}.");
        OpenRun? run;
        lock (_gate) run = _open.GetValueOrDefault(handle.GetString()!);
        if (run is null || run.Owner != owner) return Unknown();
        if (arguments("cancel") is { ValueKind: JsonValueKind.True }) run.Cancel();
        await run.EndsAsync(TimeSpan.FromSeconds(seconds), cancellationToken).ConfigureAwait(false);
        if (!run.IsOver) return run.Running();
        // Two calls may wait for the same run. The first call that removes the run gets its answer.
        if (!Remove(run)) return Unknown();
        run.Kept?.Dispose();
        return await run.AnswerAsync().ConfigureAwait(false);
    }

    private CodeReply Failure(string words) => CodeAnswer.Failure(words, tokens);

    private CodeReply Unknown() => Failure(
        $"No script has this handle here: its last answer was given, is older than {KeptAnswers.Time.TotalMinutes} minutes, or made room for others. "
        + "Run the script again if you need it.");

    /// <summary>Keeps the answer of a run that has not ended yet, from its end to the call that asks for it.</summary>
    private async Task KeepAsync(OpenRun run)
    {
        run.Kept = KeptAnswers.OfProcess.Keep(run.Owner.Tenant, await run.BytesAsync().ConfigureAwait(false), clock, () => Remove(run));
        // A call that waited may have been faster.
        bool isOpen;
        lock (_gate) isOpen = _open.ContainsKey(run.Handle);
        if (!isOpen) run.Kept.Dispose();
    }

    private bool Remove(OpenRun run)
    {
        lock (_gate) return _open.Remove(run.Handle);
    }

    /// <summary>A run that has not given its last answer.</summary>
#pragma warning disable CA1001 // A source without timers and wait handles holds nothing, and a run may be cancelled when it has just ended.
    private sealed class OpenRun((string? Tenant, string? Conversation) owner, AnswerLimits limits)
#pragma warning restore CA1001
    {
        private readonly CancellationTokenSource _cancel = new();
        private readonly Lock _gate = new();
        private Task<CodeReply> _run = null!;
        private StringBuilder? _printed = new();
        private int _given;
        private volatile IDisposable? _kept;

        public (string? Tenant, string? Conversation) Owner { get; } = owner;

        public string Handle { get; } = LongWaits.NewToken();

        public bool IsOver => _run.IsCompleted;

        /// <summary>Its kept answer; null before the end of the run.</summary>
        public IDisposable? Kept
        {
            get => _kept;
            set => _kept = value;
        }

        public void Start(Func<Action<string>, CancellationToken, Task<ExecutionResult>> start) => _run = RunAsync(start);

        public void Cancel() => _cancel.Cancel();

        /// <summary>Completes when the run has ended, or after this time.</summary>
        /// <exception cref="OperationCanceledException">The token was cancelled before.</exception>
        public async Task EndsAsync(TimeSpan wait, CancellationToken cancellationToken)
        {
            // The answer reports the run's own failure.
            await ((Task)_run).WaitAsync(wait, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_run.IsCompletedSuccessfully) cancellationToken.ThrowIfCancellationRequested();
        }

        public CodeReply Running()
        {
            lock (_gate)
            {
                // After the end of the run the last answer has the rest.
                if (_printed is null) return CodeAnswer.Running(Handle, "", limits);
                string fresh = _printed.ToString(_given, _printed.Length - _given);
                _given = _printed.Length;
                return CodeAnswer.Running(Handle, fresh, limits);
            }
        }

        public async Task<CodeReply> AnswerAsync()
        {
            try
            {
                return await _run.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
            {
                return CodeAnswer.Failure("The script was cancelled. What its tool calls did stays done.", limits.Tokens);
            }
        }

        /// <summary>Bytes of its answer, at its end.</summary>
        public async Task<long> BytesAsync()
        {
            await ((Task)_run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return _run.IsCompletedSuccessfully ? (await _run.ConfigureAwait(false)).Bytes : 0;
        }

        /// <summary>Runs to the answer. The value and the console go, which may be a thousand times as large.</summary>
        private async Task<CodeReply> RunAsync(Func<Action<string>, CancellationToken, Task<ExecutionResult>> start)
        {
            string given = "";
            try
            {
                ExecutionResult result = await start(Print, _cancel.Token).ConfigureAwait(false);
                lock (_gate) given = _printed!.ToString(0, _given);
                // A slow reader of events may have missed lines.
                return CodeAnswer.Of(result, limits, result.Stdout.StartsWith(given, StringComparison.Ordinal) ? given.Length : 0);
            }
            finally
            {
                lock (_gate) _printed = null;
            }
        }

        /// <summary>The console is bounded by the run's limits (MaxConsoleBytes).</summary>
        private void Print(string text)
        {
            lock (_gate) _printed?.Append(text);
        }
    }
}
