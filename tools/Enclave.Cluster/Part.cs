using System.Diagnostics;
using System.Text.Json.Nodes;
using Enclave.Cli.Commands;
using Enclave.Cluster.Children;

namespace Enclave.Cluster;

/// <summary>One server of the cluster. It can be killed, stopped, paused and restarted at the same address.</summary>
internal sealed class Part(IPartProgram program, ClusterFolder folder, Action<Part> changed)
{
    /// <summary>A stopping broker gives its sessions 8 s, and the two servers write their data.</summary>
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(30);

    /// <summary>After SIGKILL only the kernel takes time.</summary>
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(10), s_glance = TimeSpan.FromMilliseconds(2);

    /// <summary>RabbitMQ takes 6 s of processor time to start, and ten times as long on a machine that runs tests beside it.</summary>
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(3), s_readinessInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private PartState _state = PartState.Stopped, _beforePause;
    private PartHealth _health = PartHealth.Unknown;
    private ChildProcess? _process;
    private Task _run = Task.CompletedTask;

    public string Name => program.Name;

    public PartKind Kind => program.Kind;

    public Uri? Address => program.Address;

    public PartState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>The id of its first process; null if it is not running.</summary>
    public int? Pid
    {
        get
        {
            lock (_gate) return _process?.Pid;
        }
    }

    /// <summary>Its last reported health.</summary>
    public PartHealth Health
    {
        get => Volatile.Read(ref _health);
        set => Volatile.Write(ref _health, value);
    }

    public JsonObject ToJson()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["name"] = Name,
                ["kind"] = Word(Kind),
                ["address"] = Address?.GetLeftPart(UriPartial.Authority),
                ["pid"] = _process?.Pid,
                ["state"] = Word(_state),
                ["health"] = Health.Status,
            };
        }
    }

    /// <summary>Starts it and waits, up to a limit, until it is ready. If it is not ready by then, it keeps running.</summary>
    /// <exception cref="PartException">It is already running, or it ended before it was ready.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Enter(PartState.Starting, "started", PartState.Stopped, PartState.Dead);
        ChildProcess process;
        try
        {
            process = await ChildProcess.StartAsync(program.Command, folder).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or FileNotFoundException)
        {
            Become(PartState.Dead);
            throw new PartException($"{Name} cannot be started: {fault.Message}");
        }

        var ready = new TaskCompletionSource();
        lock (_gate)
        {
            _process = process;
            _run = Task.Run(() => RunAsync(process, ready), CancellationToken.None);
        }

        changed(this);
        await Task.WhenAny(ready.Task, Task.Delay(s_start, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (ready.Task.IsFaulted) await ready.Task.ConfigureAwait(false);
    }

    /// <summary>Kills it, like a crash.</summary>
    /// <exception cref="PartException">It is not running.</exception>
    public Task KillAsync()
    {
        ChildProcess process = Running("killed", PartState.Starting, PartState.Ready, PartState.Paused, PartState.Stopping);
        return EndAsync(process);
    }

    /// <summary>Stops it and waits. If it does not end, it is killed.</summary>
    /// <exception cref="PartException">It is not running, or is paused.</exception>
    public async Task StopAsync()
    {
        ChildProcess process = Running("stopped", PartState.Starting, PartState.Ready);
        Become(PartState.Stopping);
        process.Send(program.StopSignal);
        if (await Task.WhenAny(_run, Task.Delay(s_stop)).ConfigureAwait(false) == _run) return;
        await EndAsync(process).ConfigureAwait(false);
        throw new PartException($"{Name} did not end in {s_stop.TotalSeconds} s and was killed");
    }

    /// <summary>Pauses it with SIGSTOP.</summary>
    /// <exception cref="PartException">It is not running, or does not pause.</exception>
    public async Task PauseAsync()
    {
        ChildProcess process = Running("paused", PartState.Starting, PartState.Ready);
        lock (_gate) _beforePause = _state;
        Become(PartState.Paused);
        // First the process that starts others.
        await HoldAsync([process.Pid]).ConfigureAwait(false);
        await HoldAsync(program.Processes(process.Pid)).ConfigureAwait(false);
    }

    /// <summary>Resumes it.</summary>
    /// <exception cref="PartException">It was not paused.</exception>
    public void Resume()
    {
        ChildProcess process = Running("resumed", PartState.Paused);
        Become(_beforePause);
        foreach (int pid in program.Processes(process.Pid)) Signals.Send(pid, Signals.Continue);
    }

    /// <summary>Ends it in any state: first with a signal, then by force.</summary>
    public async Task CloseAsync()
    {
        if (Pid is null) return;
        try
        {
            if (State == PartState.Paused) Resume();
            if (State is PartState.Ready or PartState.Starting) await StopAsync().ConfigureAwait(false);
            else await _run.WaitAsync(s_stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is PartException or TimeoutException)
        {
            // It ended meanwhile, or the guard will end it.
        }
    }

    public static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private async Task HoldAsync(IReadOnlyList<int> processes)
    {
        foreach (int pid in processes) Signals.Send(pid, Signals.Stop);
        long since = Stopwatch.GetTimestamp();
        while (!processes.All(Signals.StandsStill))
        {
            if (Stopwatch.GetElapsedTime(since) > s_hold) throw new PartException($"{Name} is still running {s_hold.TotalSeconds} s after SIGSTOP");
            await Task.Delay(s_glance).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(ChildProcess process)
    {
        Task run;
        lock (_gate)
        {
            if (_state == PartState.Stopping) _state = PartState.Ready;
            run = _run;
        }

        // Stop it first, so that none of its processes starts another one meanwhile.
        process.Send(Signals.Stop);
        foreach (int pid in program.Processes(process.Pid).Reverse()) Signals.Send(pid, Signals.Kill);
        if (await Task.WhenAny(run, Task.Delay(s_end)).ConfigureAwait(false) != run)
            throw new PartException($"{Name} was killed and has not ended in {s_end.TotalSeconds} s");
    }

    private async Task RunAsync(ChildProcess process, TaskCompletionSource ready)
    {
        using (process)
        {
            using var ended = new CancellationTokenSource();
            Task waiting = WaitUntilReadyAsync(ready, ended.Token);
            await process.Ended.ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await waiting.ConfigureAwait(false);
            string words = await process.ReadLastOutputAsync().ConfigureAwait(false);
            program.Ended(process.Pid);
            lock (_gate)
            {
                _process = null;
                _state = _state == PartState.Stopping ? PartState.Stopped : PartState.Dead;
                Health = PartHealth.Unknown;
            }

            ready.TrySetException(new PartException($"{Name} exited with code {process.ExitCode} before it was ready: {words}"));
            // Marks the exception as observed.
            _ = ready.Task.Exception;
        }

        changed(this);
    }

    private async Task WaitUntilReadyAsync(TaskCompletionSource ready, CancellationToken ended)
    {
        try
        {
            while (!await program.IsReadyAsync(ended).ConfigureAwait(false)) await Task.Delay(s_readinessInterval, ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_gate)
        {
            if (_state == PartState.Starting) _state = PartState.Ready;
            if (Address is not null) Health = new PartHealth(200, 0);
        }

        changed(this);
        ready.TrySetResult();
    }

    private void Enter(PartState next, string verb, params ReadOnlySpan<PartState> from)
    {
        lock (_gate)
        {
            if (!from.Contains(_state)) throw Refused(verb, from);
            _state = next;
        }
    }

    private ChildProcess Running(string verb, params ReadOnlySpan<PartState> from)
    {
        lock (_gate)
        {
            return from.Contains(_state) && _process is { } process ? process : throw Refused(verb, from);
        }
    }

    private PartException Refused(string verb, ReadOnlySpan<PartState> from)
    {
        string states = string.Join(" or ", from.ToArray().Select(Word));
        return new PartException($"{Name} is {Word(_state)}; it can be {verb} when it is {states}");
    }

    private void Become(PartState state)
    {
        lock (_gate) _state = state;
        changed(this);
    }
}
