using Enclave.Guard.Presets;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Scoring;

/// <summary>
/// Decides by score which scripts run. Asks each question only once: it caches results, and callers that ask the same at the same time share the answer.
/// </summary>
internal sealed class ScoringGate
{
    /// <summary>
    /// The most unfinished questions at the scorer for which no caller waits. At this number it gets no further question until one of them has ended.
    /// </summary>
    private const int MaxLeftOpen = 100;

    private readonly ScoringOptions _options;
    private readonly GuardSettings _settings;
    private readonly FailureMode _onFailure;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly ScoreCache _cache;
    private readonly Dictionary<CacheKey, ScoreFlight> _flights = [];
    private int _open;

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ScoringGate(ScoringOptions options, GuardSettings settings, TimeProvider clock)
    {
        options.Validate();
        _options = options;
        _settings = settings;
        _onFailure = options.OnFailure ?? GuardLevelTable.Of(settings.Level).OnUnscored;
        _clock = clock;
        _cache = new ScoreCache(options.CacheEntries, options.CacheTtl, clock);
    }

    /// <summary>
    /// The longest time that a scorer may take. After it the script counts as unscored. Default: <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>,
    /// without a limit.
    /// </summary>
    public TimeSpan Patience { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The number of cached results.</summary>
    public int CacheCount
    {
        get
        {
            lock (_lock) return _cache.Count;
        }
    }

    /// <summary>Scores a parsed script and decides if it runs.</summary>
    /// <param name="source">The script, as its author wrote it.</param>
    /// <param name="program">Its tree.</param>
    /// <param name="tools">Names of the tools it may call, in any order.</param>
    /// <param name="policy">Everything else that a score may depend on: level, preset, tenant.</param>
    /// <exception cref="OperationCanceledException">The caller's own token is cancelled.</exception>
    public async ValueTask<ScoreVerdict> JudgeAsync(
        string source, Program program, IReadOnlyCollection<string> tools, string policy, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long started = _clock.GetTimestamp();
        CacheKey key = CacheKey.Of(source, policy, tools);
        ScoreResult? result;
        ScoreFlight? flight = null;
        bool starts = false;
        lock (_lock)
        {
            if (!_cache.TryGet(key, out result)) flight = Join_NeedsLock(key, out starts);
        }

        bool isCached = result is not null;
        if (starts)
        {
            _ = FlyAsync(
                key, flight!, new ScoreRequest(source, program, tools, () => Meter(source, flight!)) { Patience = new ScorePatience(Patience, _clock) });
        }

        result ??= flight is null
            ? ScoreResult.Unscored($"the scorer has not answered {MaxLeftOpen} questions that nobody waits for any more")
            : await WaitAsync(key, flight, cancellationToken).ConfigureAwait(false);
        ScoreVerdict verdict = Decide(result, _clock.GetElapsedTime(started), isCached);
        Tell(verdict);
        return verdict;
    }

    /// <summary>Reading a script for its score gets the same CPU limit as examining it.</summary>
    private WorkMeter Meter(string source, ScoreFlight flight) => new(_settings.CpuLimit(source.Length), _settings.CpuTime, flight.Abandoned);

    /// <summary>Joins a question, or opens one. Returns null if the scorer takes no more.</summary>
    private ScoreFlight? Join_NeedsLock(CacheKey key, out bool starts)
    {
        starts = !_flights.TryGetValue(key, out ScoreFlight? flight);
        if (!starts)
        {
            flight!.Waiters++;
            return flight;
        }

        starts = _open - _flights.Count < MaxLeftOpen;
        if (!starts) return null;
        _open++;
        return _flights[key] = new ScoreFlight();
    }

    private async Task FlyAsync(CacheKey key, ScoreFlight flight, ScoreRequest request)
    {
        ScoreResult result;
        try
        {
            result = await request.Patience.AskAsync(_options.Scorer, request, flight.Abandoned).ConfigureAwait(false)
                ?? ScoreResult.Unscored("the scorer returned nothing");
        }
        catch (WorkLimitException reached)
        {
            result = ScoreResult.Unscored(
                $"reading it takes more than {reached.Limit.TotalMilliseconds:0} ms of CPU time, the limit for its length at this level");
        }
        catch (Exception fault)
        {
            // Catches every exception: an unexpected one from a scorer must not decide that a script runs.
            result = ScoreResult.Unscored($"the scorer threw {fault.GetType().Name}");
        }

        // An unread script is unscored, even if the scorer returns a score.
        if (request.IsUnread) result = ScoreResult.Unscored(result.Reason ?? "it cannot be read within its limit") with { IsPartial = true };
        lock (_lock)
        {
            Forget_NeedsLock(key, flight);
            // A failure is not cached: the next attempt may succeed.
            if (result.IsScored) _cache.Add(key, result);
            if (request.Patience.Late.IsCompleted) _open--;
            else _ = request.Patience.Late.ContinueWith((_) => Ended(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        flight.Complete(result);
        // No caller waits for the scorer's answer any more.
        if (request.Patience.IsOver) flight.Abandon();
    }

    private async ValueTask<ScoreResult> WaitAsync(CacheKey key, ScoreFlight flight, CancellationToken cancellationToken)
    {
        try
        {
            return await flight.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            bool isLast;
            lock (_lock)
            {
                isLast = --flight.Waiters == 0;
                if (isLast) Forget_NeedsLock(key, flight);
            }

            if (isLast) flight.Abandon();
            throw;
        }
    }

    private void Ended()
    {
        lock (_lock) _open--;
    }

    private void Forget_NeedsLock(CacheKey key, ScoreFlight flight)
    {
        if (_flights.TryGetValue(key, out ScoreFlight? current) && ReferenceEquals(current, flight)) _flights.Remove(key);
    }

    private ScoreVerdict Decide(ScoreResult result, TimeSpan latency, bool isCached)
    {
        if (!result.IsScored)
        {
            ScoreOutcome outcome = result.IsPartial || _onFailure == FailureMode.Block ? ScoreOutcome.Blocked : ScoreOutcome.Allowed;
            return new ScoreVerdict(outcome, result, latency, isCached) { Reason = $"the script could not be scored: {result.Reason}" };
        }

        if (result.Score >= _options.BlockThreshold)
            return With(ScoreOutcome.Blocked, $"the score of {result.Score} reaches BlockThreshold ({_options.BlockThreshold})");
        if (result.Score >= _options.WarnThreshold)
            return With(ScoreOutcome.Warned, $"the score of {result.Score} reaches WarnThreshold ({_options.WarnThreshold})");
        return With(ScoreOutcome.Allowed, null);

        ScoreVerdict With(ScoreOutcome outcome, string? reason) => new(outcome, result, latency, isCached) { Reason = reason };
    }

    private void Tell(ScoreVerdict verdict)
    {
        try
        {
            _options.OnScore?.Invoke(verdict);
        }
        catch (Exception)
        {
            // An observer does not decide.
        }
    }
}
