using System.Collections.Concurrent;
using Enclave.Runs;

namespace Enclave.Testing.Scripts;

/// <summary>The setups of scripts, and the scripts that ran. A worker gets transformed code; this class knows the submitted text.</summary>
internal sealed class ScriptBook : IRunObserver
{
    private readonly ConcurrentDictionary<ulong, ScriptRun> _running = new();
    private readonly Lock _gate = new();
    private readonly List<ScriptSetup> _setups = [];
    private readonly List<ScriptRun> _runs = [];

    public IReadOnlyList<ScriptRun> Runs
    {
        get
        {
            lock (_gate) return [.. _runs];
        }
    }

    public ScriptSetup Add(Func<ScriptRun, bool> condition)
    {
        var setup = new ScriptSetup(condition);
        lock (_gate) _setups.Add(setup);
        return setup;
    }

    /// <summary>The latest setup for this script; null if there is none.</summary>
    public ScriptSetup? Find(ScriptRun run)
    {
        ScriptSetup[] setups;
        lock (_gate) setups = [.. _setups];
        return setups.LastOrDefault((setup) => setup.Condition(run));
    }

    public ScriptRun Take(ulong jobId) => _running.TryRemove(jobId, out ScriptRun? run) ? run : new ScriptRun("", null);

    /// <summary>A run starts before its frame is sent.</summary>
    public void Take(ExecutionJob job, ExecutionEvent happened)
    {
        if (happened is not StartedEvent) return;
        var run = new ScriptRun(job.Source, job.Options);
        _running[job.Id] = run;
        lock (_gate) _runs.Add(run);
    }

    public void Settled(ExecutionJob job, ExecutionResult? result) => _running.TryRemove(job.Id, out _);
}
