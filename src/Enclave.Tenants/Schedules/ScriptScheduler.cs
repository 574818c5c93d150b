using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Tenants.Admission;
using Enclave.Tenants.Schedules;
using Enclave.Tenants.Scripts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Tenants;

/// <summary>
/// Runs the schedules of a store on a host. Any number of schedulers may share the store: each time runs at one of them. Add it to your services
/// (<c>AddHostedService</c>), or call <c>StartAsync</c> and <c>StopAsync</c>.
/// </summary>
public sealed partial class ScriptScheduler : BackgroundService
{
    private const int MaxError = 500;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly string _name = Guid.NewGuid().ToString("n");
    private readonly ConcurrentDictionary<(ScriptKey Key, DateTimeOffset Time), OwnRun> _own = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ScheduleStore _store;
    private readonly SavedScripts _scripts;
    private readonly IEnclave _host;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    /// <param name="store">The store of the schedules.</param>
    /// <param name="scripts">The saved scripts.</param>
    /// <param name="host">The host. With tenants (<see cref="TenantsExtensions.UseTenants"/>), no run of a tenant begins that is not active.</param>
    /// <param name="clock">The clock. Default: the system's.</param>
    /// <param name="loggerFactory">Creates the logger; null for none.</param>
    public ScriptScheduler(
        ScheduleStore store, SavedScripts scripts, IEnclave host, TimeProvider? clock = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(scripts);
        ArgumentNullException.ThrowIfNull(host);
        (_store, _scripts, _host, _clock) = (store, scripts, host, clock ?? TimeProvider.System);
        _log = loggerFactory?.CreateLogger("Enclave.Schedules") ?? NullLogger.Instance;
    }

    /// <summary>
    /// Stops: no run begins any more, and running ones may end until the token is cancelled. Runs that have not ended then are lost, or begin again at another
    /// host.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        Task all = Task.WhenAll(_own.Values.Select((run) => run.Done));
        await all.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Looks at all schedules once: decides their times, begins runs, and cancels those that are replaced.</summary>
    /// <returns>The runs that began.</returns>
    internal async Task<IReadOnlyList<Task>> LookAsync(CancellationToken cancellationToken)
    {
        var began = new List<Task>();
        foreach (ScheduleStatus status in await _store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            ScriptKey key = new(status.Schedule.Tenant, status.Schedule.Name);
            foreach (ScheduledFiring running in status.Firings.Where((firing) => firing.State == FiringState.Running))
            {
                if (_own.TryGetValue((key, running.Time), out OwnRun? own) && ScheduleTurn.IsReplaced(status, running)) own.Replace();
            }

            if (!ScheduleTurn.IsDue(status, _name, _clock.GetUtcNow()) || IsTenantPaused(status.Schedule.Tenant)) continue;
            if (await TryBeginAsync(key, cancellationToken).ConfigureAwait(false) is { } run) began.Add(run);
        }

        return began;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (SavedScriptException fault)
            {
                LogFailed(_log, fault.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(s_look, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsTenantPaused(string? tenant) => (_host.Parts?.Settings.Options.Gate as TenantGate)?.StateOf(tenant) is not (null or TenantState.Active);

    /// <summary>Decides what is due, and begins the next run of the schedule. Returns the run; null if none begins.</summary>
    private async Task<Task?> TryBeginAsync(ScriptKey key, CancellationToken cancellationToken)
    {
        (ScheduledFiring? firing, IDisposable? claim, ScriptSchedule? schedule) = (null, null, null);
        try
        {
            await _store.ChangeAsync(key, (before, claims) =>
            {
                if (before is null) return null;
                DateTimeOffset now = _clock.GetUtcNow();
                ScheduleStatus after = ScheduleTurn.Decide(before, now, (one) => claims.IsFree(one.Time));
                // The claim comes first: a run that is in the row as running has one.
                if (ScheduleTurn.Next(after) is not { } next || (claim = claims.TryTake(next.Time)) is null) return after;
                schedule = after.Schedule;
                firing = next with
                {
                    State = FiringState.Running,
                    Host = _name,
                    Began = now,
                    Attempts = next.Attempts + 1,
                    RunId = Guid.NewGuid().ToString("n"),
                };
                return ScheduleTurn.With(after, firing);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The run did not begin: the next scheduler finds it waiting.
            claim?.Dispose();
            throw;
        }

        if (firing is null) return null;
        var own = new OwnRun(_stopping.Token);
        _own[(key, firing.Time)] = own;
        own.Done = RunAsync(key, schedule!, firing, claim!, own);
        return own.Done;
    }

    private async Task RunAsync(ScriptKey key, ScriptSchedule schedule, ScheduledFiring firing, IDisposable claim, OwnRun own)
    {
        // Do not delay the search for other schedules.
        await Task.Yield();
        try
        {
            ScheduledFiring ended = await OutcomeAsync(schedule, firing, own).ConfigureAwait(false);
            int failures = 0;
            await _store.ChangeAsync(key, (before, _) =>
            {
                if (before is null) return null;
                failures = ended.State switch { FiringState.Failed => before.FailuresInRow + 1, FiringState.Succeeded => 0, _ => before.FailuresInRow };
                return ScheduleTurn.With(before, ended) with { FailuresInRow = failures };
            }, CancellationToken.None).ConfigureAwait(false);
            if (ended.State == FiringState.Failed && schedule.OnFailure is { } other && failures > 0 && failures % schedule.OnFailureEvery == 0)
                await TellAsync(other, schedule, ended, failures, own.Ending).ConfigureAwait(false);
        }
        catch (SavedScriptException fault)
        {
            // The end of the run is not written. Other hosts find that its claim is free, and treat the run as lost.
            LogFailed(_log, fault.Message);
        }
        finally
        {
            claim.Dispose();
            _own.TryRemove((key, firing.Time), out _);
            own.Dispose();
        }
    }

    private async Task<ScheduledFiring> OutcomeAsync(ScriptSchedule schedule, ScheduledFiring firing, OwnRun own)
    {
        string? script = null;
        try
        {
            var options = new RunOptions { Tenant = schedule.Tenant, RunId = firing.RunId };
            SavedRun run = await _scripts.PrepareAsync(schedule.Script, ArgumentsOf(schedule), options, own.Ending).ConfigureAwait(false);
            script = run.Script;
            ExecutionResult result = await _host.RunAsync(run.Code, run.Options, own.Ending).ConfigureAwait(false);
            return Ended(result.Error is { } error ? $"{error.Code.ToCode()}: {error.Message}" : null);
        }
        catch (OperationCanceledException)
        {
            return own.IsReplaced
                ? firing with { State = FiringState.Replaced, Script = script, Ended = _clock.GetUtcNow() }
                : ScheduleTurn.Died(schedule, firing with { Script = script }, _clock.GetUtcNow());
        }
        catch (ObjectDisposedException)
        {
            return ScheduleTurn.Died(schedule, firing with { Script = script }, _clock.GetUtcNow());
        }
        catch (Exception fault) when (fault is SavedScriptException or ArgumentException or JsonException)
        {
            return Ended(fault.Message);
        }

        ScheduledFiring Ended(string? error) => firing with
        {
            State = error is null ? FiringState.Succeeded : FiringState.Failed,
            Script = script,
            Error = error is null || error.Length <= MaxError ? error : error[..MaxError] + "…",
            Ended = _clock.GetUtcNow(),
        };
    }

    private async Task TellAsync(string script, ScriptSchedule schedule, ScheduledFiring failed, int failures, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, object?>
        {
            ["schedule"] = schedule.Name,
            ["script"] = failed.Script ?? schedule.Script,
            ["time"] = failed.Time.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["runId"] = failed.RunId,
            ["error"] = failed.Error,
            ["failures"] = failures,
        };
        try
        {
            ExecutionResult result = await _scripts.RunSavedAsync(script, arguments, new RunOptions { Tenant = schedule.Tenant }, cancellationToken)
                .ConfigureAwait(false);
            if (result.Error is { } error) LogNotTold(_log, script, error.Message);
        }
        catch (Exception fault) when (fault is SavedScriptException or OperationCanceledException or ObjectDisposedException or ArgumentException)
        {
            LogNotTold(_log, script, fault.Message);
        }
    }

    private static ScriptValue? ArgumentsOf(ScriptSchedule schedule)
    {
        if (schedule.Arguments is not { } text) return null;
        using JsonDocument arguments = JsonDocument.Parse(text);
        return ScriptValue.From(arguments.RootElement);
    }

    [LoggerMessage(311, LogLevel.Error, "schedules cannot be read or written: {Why}")]
    private static partial void LogFailed(ILogger log, string why);

    [LoggerMessage(312, LogLevel.Error, "the script {Script} that runs after failures of a schedule failed itself: {Why}")]
    private static partial void LogNotTold(ILogger log, string script, string why);

    /// <summary>A run of this scheduler.</summary>
    private sealed class OwnRun(CancellationToken stopping) : IDisposable
    {
        private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        public Task Done { get; set; } = Task.CompletedTask;

        public CancellationToken Ending => _ending.Token;

        public bool IsReplaced { get; private set; }

        public void Replace()
        {
            IsReplaced = true;
            try
            {
                // Off this thread: the end of the run does its work.
                _ = _ending.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // The run ended by itself.
            }
        }

        public void Dispose() => _ending.Dispose();
    }
}
