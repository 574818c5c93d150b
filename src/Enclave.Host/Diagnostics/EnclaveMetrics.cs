using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Enclave.Diagnostics;

/// <summary>The instruments of the meter "Enclave" (docs/telemetry.md). Without a listener each costs one test of a flag.</summary>
internal sealed class EnclaveMetrics
{
    /// <summary>The buckets reach from a tenth of a tiny run's time to the longest default time limit.</summary>
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private static readonly InstrumentAdvice<long> s_bytes = new()
    {
        HistogramBucketBoundaries = [1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20, 32 << 20, 64 << 20, 128 << 20, 256 << 20, 512 << 20],
    };

    private readonly Lock _gate = new();
    private readonly Histogram<double> _jobs;
    private readonly Histogram<double> _cpu;
    private readonly Histogram<long> _memory;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _kills;
    private readonly Histogram<double> _tools;
    private readonly Counter<long> _recycled;
    private readonly Counter<long> _startFailures;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _security;
    private readonly KeyValuePair<string, object?>[] _host;
    private Func<PoolSnapshot>[] _pools = [];

    /// <param name="meter">The meter.</param>
    /// <param name="host">
    /// The name of the host, which tags all its figures; null for the host without a name, whose figures have no such tag.
    /// </param>
    public EnclaveMetrics(Meter meter, string? host = null)
    {
        _host = host is null ? [] : [new(TelemetryNames.Host, host)];
        _jobs = meter.CreateHistogram(TelemetryNames.JobsDuration, "s", "From the call to its answer, refused runs included.", tags: null, s_seconds);
        _cpu = meter.CreateHistogram(TelemetryNames.JobsCpu, "s", "CPU time of the script.", tags: null, s_seconds);
        _memory = meter.CreateHistogram(
            TelemetryNames.JobsMemory, "By", "Highest growth of the worker's memory that the host saw during the run.", tags: null, s_bytes);
        _queue = meter.CreateHistogram(
            TelemetryNames.QueueDuration, "s", "From submission to the start on a worker, or to the end of a run that never started.", tags: null, s_seconds);
        _kills = meter.CreateHistogram(TelemetryNames.KillsDuration, "s", "From SIGKILL to the reaped process.", tags: null, s_seconds);
        _tools = meter.CreateHistogram(TelemetryNames.ToolsDuration, "s", "A tool call, in the host.", tags: null, s_seconds);
        _recycled = meter.CreateCounter<long>(TelemetryNames.WorkersRecycled, "{worker}", "Workers whose life ended.");
        _startFailures = meter.CreateCounter<long>(TelemetryNames.StartFailures, "{start}", "Starts of workers that failed.");
        _refusals = meter.CreateCounter<long>(TelemetryNames.GuardRefusals, "{script}", "Scripts that the guard or the scoring gate refused.");
        _security = meter.CreateCounter<long>(TelemetryNames.SecurityEvents, "{event}", "Acts that no honest worker commits.");
        meter.CreateObservableUpDownCounter(TelemetryNames.QueueDepth, () => Sum((pool) => pool.QueueDepth), "{run}", "Runs that wait for a worker.");
        meter.CreateObservableGauge(TelemetryNames.QueueAge, () => new Measurement<double>(Volatile.Read(ref _pools)
            .Select((pool) => pool().QueueAge.TotalSeconds).DefaultIfEmpty().Max(), _host), "s", "How long the first run in a queue has waited.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.RunsParked, () => Sum((pool) => pool.ParkedRuns), "{run}", "Runs that have left their workers while they wait.");
        meter.CreateObservableUpDownCounter(TelemetryNames.WorkersFree, () => Sum((pool) => Math.Max(0, pool.MaxWorkers - pool.ActiveWorkers)), "{worker}",
            "Workers that could run one more script, those that would have to be started included.");
        meter.CreateObservableUpDownCounter(TelemetryNames.WorkersActive, () => Sum((pool) => pool.ActiveWorkers), "{worker}", "Workers that run a script.");
        meter.CreateObservableUpDownCounter(TelemetryNames.WorkersIdle, () => Sum((pool) => pool.IdleWorkers), "{worker}", "Workers that wait for a script.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.WorkersStarting, () => Sum((pool) => pool.StartingWorkers), "{worker}", "Workers that are not ready yet.");
        Durable = new DurableMetrics(meter, _host, s_seconds);
    }

    /// <summary>For hosts that are created without a container: one meter per process, so that their figures add up.</summary>
    public static EnclaveMetrics Shared { get; } = new(new Meter(TelemetryNames.Source, EnclaveActivities.Version));

    /// <summary>The metrics of durable runs.</summary>
    public DurableMetrics Durable { get; }

    /// <summary>True if a listener measures runs or tool calls.</summary>
    public bool WatchesRuns => _jobs.Enabled || _queue.Enabled || _cpu.Enabled || _memory.Enabled || _refusals.Enabled || _tools.Enabled;

    /// <summary>Measures this pool's workers and queue until the result is disposed.</summary>
    public IDisposable Observe(Func<PoolSnapshot> pool)
    {
        lock (_gate) _pools = [.. _pools, pool];
        return new Observation(this, pool);
    }

    public void Ended(ExecutionResult? result, string code, string level, TimeSpan took)
    {
        _jobs.Record(took.TotalSeconds, Tags(new(TelemetryNames.Code, code), new(TelemetryNames.Level, level)));
        if (result is null) return;
        // Worker 0 means that the script never ran. The zeros of such runs would distort the figures.
        if (result.Stats.WorkerId != 0)
        {
            _cpu.Record(result.Stats.CpuTime.TotalSeconds, Tags(new KeyValuePair<string, object?>(TelemetryNames.Level, level)));
            _memory.Record(result.Stats.PeakMemoryBytes, Tags(new KeyValuePair<string, object?>(TelemetryNames.Level, level)));
        }
        else if (result.Error?.Code is ErrorCode.ValidationError or ErrorCode.ScoringBlocked)
        {
            _refusals.Add(1, Tags(new(TelemetryNames.Code, code), new(TelemetryNames.Level, level)));
        }
    }

    public void LeftQueue(TimeSpan wait, string level) =>
        _queue.Record(wait.TotalSeconds, Tags(new KeyValuePair<string, object?>(TelemetryNames.Level, level)));

    public void ToolAnswered(string tool, string outcome, TimeSpan took) =>
        _tools.Record(took.TotalSeconds, Tags(new(TelemetryNames.Tool, tool), new(TelemetryNames.Outcome, outcome)));

    public void Recycled(RecycleReason reason)
    {
        if (_recycled.Enabled) _recycled.Add(1, Tags(new KeyValuePair<string, object?>(TelemetryNames.Reason, Tag(reason.ToString()))));
    }

    public void StartFailed()
    {
        if (_startFailures.Enabled) _startFailures.Add(1, Tags());
    }

    public void Killed(long since)
    {
        if (_kills.Enabled) _kills.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, Tags());
    }

    public void Security(SecurityEventKind kind)
    {
        if (_security.Enabled) _security.Add(1, Tags(new KeyValuePair<string, object?>(TelemetryNames.Kind, Tag(kind.ToString()))));
    }

    private Measurement<int> Sum(Func<PoolSnapshot, int> figure)
    {
        int sum = 0;
        foreach (Func<PoolSnapshot> pool in Volatile.Read(ref _pools)) sum += figure(pool());
        return new Measurement<int>(sum, _host);
    }

    private TagList Tags(params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var list = new TagList(tags);
        foreach (KeyValuePair<string, object?> tag in _host) list.Add(tag);
        return list;
    }

    /// <summary>Writes start_failed for StartFailed.</summary>
    private static string Tag(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private sealed class Observation(EnclaveMetrics metrics, Func<PoolSnapshot> pool) : IDisposable
    {
        public void Dispose()
        {
            lock (metrics._gate) metrics._pools = [.. metrics._pools.Where((other) => other != pool)];
        }
    }
}
