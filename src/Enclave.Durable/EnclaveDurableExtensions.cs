namespace Enclave;

/// <summary>Durable runs, and recordings of runs: options of a host, and what programs do with them (docs/durable-runs.md, docs/records.md).</summary>
#pragma warning disable CA1708 // The compiler's own names for two blocks of extensions.
public static class EnclaveDurableExtensions
#pragma warning restore CA1708
{
    extension(EnclaveOptions options)
    {
        /// <summary>Where runs with a name are kept, and how they wait (docs/durable-runs.md). Default: null, in the memory of the host.</summary>
        public DurableOptions? Durable
        {
            get => Get<DurableOptions>(options);
            set => Set(options, value);
        }

        /// <summary>
        /// Keeps recordings of runs, those of failed ones above all. Default: null, only runs with <see cref="RunOptions.Record"/> are recorded.
        /// </summary>
        public KeepRecordings? KeepRecordings
        {
            get => Get<KeepRecordings>(options);
            set => Set(options, value);
        }
    }

    extension(IEnclave enclave)
    {
        /// <summary>The durable runs of the host, to find, list, cancel and remove.</summary>
        public DurableRuns Runs => DurableFeature.RunsOf(PartsOf(enclave));
    }

    /// <summary>
    /// Starts a durable run (<see cref="RunOptions.Durable"/>). It is in the host's store before its first step. Starting the same script with the same
    /// globals under the same name again returns the run that is there.
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="code">As for <see cref="IEnclave.RunAsync"/>.
    /// Its globals <c>sleep</c>, <c>waitUntil</c>, <c>waitFor</c> and <c>continueWith</c> wait.</param>
    /// <param name="options">Its name, and all else as for <see cref="IEnclave.RunAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait. The run continues.</param>
    /// <returns>The run when it has ended, or when it is suspended because it waits.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no name.</exception>
    /// <exception cref="JournalException">The name is taken, the tenant has too many runs, or the store failed.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<DurableRun> StartAsync(this IEnclave enclave, string code, RunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Durable, nameof(options));
        return OpenRunsOf(enclave).StartAsync(code, options, isAwaited: false, cancellationToken);
    }

    /// <summary>
    /// Continues a durable run: repeats its script to the end of its journal, without calling a tool, and runs it from there. A host that looks for runs
    /// by itself (<see cref="DurableOptions.Wakes"/>) does this when they are due.
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="name">The name of the run.</param>
    /// <param name="options">Its tenant, its tools, its context and its console handler. All else is as it was started.</param>
    /// <param name="cancellationToken">Ends the wait. The run continues.</param>
    /// <returns>The run when it has ended, or is suspended again.</returns>
    /// <exception cref="JournalException">There is no such run, another host runs it, its journal is refused, or the store failed.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<DurableRun> ResumeAsync(this IEnclave enclave, string name, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return OpenRunsOf(enclave).ResumeAsync(name, options, cancellationToken);
    }

    /// <summary>
    /// Answers a wait of a durable run: a signal, a tool that answers later, an approval. The run continues at any host that shares the store.
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="token">The token of the wait (<see cref="DurableWait.Token"/>).</param>
    /// <param name="value">The value, any that <see cref="Protocol.ScriptValue.From"/> accepts; a <see cref="ToolException"/> makes the call fail. For an
    /// approval true, false, or the reason to deny.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JournalException">No run waits for the token, it is answered already, or the store failed.</exception>
    /// <exception cref="ArgumentException">The value is not data, or too large.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    public static Task AnswerAsync(this IEnclave enclave, string token, object? value = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return OpenRunsOf(enclave).AnswerAsync(token, value, cancellationToken);
    }

    /// <summary>
    /// Runs a recording again: the same script with the same globals, limits, time and randomness. Its tools are answered
    /// from the recording, in the recorded order. No tool is called.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="recording">The recording. It may come from an untrusted source.</param>
    /// <param name="cancellationToken">Ends the replay; the task is then cancelled.</param>
    /// <returns>The report: whether the run did the same, or its first difference.</returns>
    /// <exception cref="ArgumentException">A limit of the recording is out of this host's range, a global has a forbidden name, or the host has other
    /// libraries than the recording.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before this call.</exception>
    /// <remarks>
    /// A script that waits for fewer or other calls than before is noticed only when its time is up. Outcomes that time or chance
    /// decided (TIMEOUT, memory, a full queue, a cancel) may differ.
    /// </remarks>
    public static Task<ReplayReport> ReplayAsync(this EnclaveHost host, ExecutionRecording recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        HostParts parts = PartsOf(host);
        ObjectDisposedException.ThrowIf(parts.IsDisposed, host);
        return RecordingFeature.ReplayAsync(parts, recording, trace: null, cancellationToken);
    }

    /// <summary>
    /// Explains a recorded run: its timeline, the statement that failed with the values of its names, and the steps before it. Its script is replayed
    /// twice, as by <see cref="ReplayAsync"/>, as a program that reports its steps. No tool is called.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="recording">The recording. It may come from an untrusted source.</param>
    /// <param name="cancellationToken">Ends the work; the task is then cancelled.</param>
    /// <returns>The explanation. Its notes say if the replay differed from the recording.</returns>
    /// <exception cref="ArgumentException">As for <see cref="ReplayAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before this call.</exception>
    public static Task<RunExplanation> ExplainAsync(this EnclaveHost host, ExecutionRecording recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        HostParts parts = PartsOf(host);
        ObjectDisposedException.ThrowIf(parts.IsDisposed, host);
        return RunExplainer.ExplainAsync(parts, recording, cancellationToken);
    }

    private static DurableRuns OpenRunsOf(IEnclave enclave)
    {
        HostParts parts = PartsOf(enclave);
        ObjectDisposedException.ThrowIf(parts.IsDisposed, enclave);
        return DurableFeature.RunsOf(parts);
    }

    private static HostParts PartsOf(IEnclave enclave)
    {
        ArgumentNullException.ThrowIfNull(enclave);
        return enclave.Parts ?? throw new NotSupportedException("Only an EnclaveHost has durable runs.");
    }

    private static T? Get<T>(EnclaveOptions options)
        where T : class => options.Features.GetValueOrDefault(typeof(T)) as T;

    private static void Set<T>(EnclaveOptions options, T? value)
        where T : class
    {
        if (value is null) options.Features.Remove(typeof(T));
        else options.Features[typeof(T)] = value;
    }
}
