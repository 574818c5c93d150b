using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Queues;

namespace Enclave;

/// <summary>Runs untrusted scripts. Thread-safe.</summary>
public interface IEnclave : IAsyncDisposable
{
    /// <summary>Runs one program and returns its answer.</summary>
    /// <param name="code">A function body in JavaScript: <c>return</c> and <c>await</c> are allowed at its top level.</param>
    /// <param name="options">Settings of this run that differ from the host's options; null for none.</param>
    /// <param name="cancellationToken">Ends the run; the task is then cancelled.</param>
    /// <returns>The result, also for every failure that a script, a full queue or a dying worker can cause.</returns>
    /// <exception cref="ArgumentException">An option is out of its range. The message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before this call.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ExecutionResult> RunAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs one program and yields its events while they happen. The run starts when the first event is requested. Each enumeration is a separate run.
    /// </summary>
    /// <param name="code">As for <see cref="RunAsync"/>.</param>
    /// <param name="options">As for <see cref="RunAsync"/>. <see cref="RunOptions.MaxBufferedEvents"/> and <see cref="RunOptions.MaxBufferedEventBytes"/>
    /// bound the events that the host buffers for a slow reader.</param>
    /// <param name="cancellationToken">Ends the run; its last event then has <see cref="ErrorCode.Cancelled"/>. Ending the enumeration early also ends the
    /// run.</param>
    /// <returns><see cref="StartedEvent"/> first, if the run starts at all; <see cref="FinishedEvent"/> exactly once and last.</returns>
    /// <remarks>
    /// The run does not wait for a slow reader. Events that do not fit into the buffer are dropped and counted in an <see cref="EventsDroppedEvent"/> at
    /// their place: console lines and tool progress when half of the buffer is used; tool events lose their payload when all bytes are used, and are
    /// dropped when all places are. The run continues, and its result is complete (docs/streaming.md).
    /// </remarks>
    /// <exception cref="ArgumentException">An option is out of its range. The message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    IAsyncEnumerable<ExecutionEvent> StreamAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs one program for each of many inputs, and yields the results in their order. Several inputs share one visit of a worker: a small expression takes
    /// some microseconds for each (docs/expressions.md).
    /// </summary>
    /// <param name="code">As for <see cref="RunAsync"/>. It reads its input as the global <see cref="RunManyOptions.InputName"/>.</param>
    /// <param name="inputs">Any values that <see cref="ScriptValue.From"/> accepts. They are read as they are needed.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the runs; the enumeration then throws. Ending the enumeration early also ends the runs.</param>
    /// <returns>A value or an error for each input.</returns>
    /// <remarks>
    /// Limits apply to each input on its own. An input that throws or reaches a limit ends with the error of a run of its own, and the others have their
    /// values. The program may run twice for an input, if it names no tool and no <c>console</c>; otherwise each input has one run. A policy's quota, the audit
    /// and the ledger count visits.
    /// </remarks>
    /// <exception cref="ArgumentException">An option is out of its range, or an input is not data. The message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="NotSupportedException">An implementation of others does not have it.</exception>
    IAsyncEnumerable<InputResult> RunManyAsync(
        string code, IAsyncEnumerable<object?> inputs, RunManyOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{GetType().Name} does not run one program for many inputs.");

    /// <inheritdoc cref="RunManyAsync(string, IAsyncEnumerable{object?}, RunManyOptions?, CancellationToken)"/>
    IAsyncEnumerable<InputResult> RunManyAsync<T>(
        string code, IEnumerable<T> inputs, RunManyOptions? options = null, CancellationToken cancellationToken = default) =>
        RunManyAsync(code, inputs.Cast<object?>().ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>Starts one program as a session. Its events can be read several times, and its tool calls can be answered from outside.</summary>
    /// <param name="code">As for <see cref="RunAsync"/>.</param>
    /// <param name="options">Its limits, and the tools that are answered from outside; null for the defaults.</param>
    /// <returns>The running session. A refused program also gives a session, whose result is the refusal.</returns>
    /// <exception cref="ArgumentException">An option is out of its range. The message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    ExecutionSession OpenSession(string code, EnclaveSessionOptions? options = null);

    /// <summary>Checks a program without running it. Returns the errors and warnings that <see cref="RunAsync"/> would find. Needs no worker.</summary>
    /// <param name="code">The program.</param>
    /// <param name="options">The settings of the run; only <see cref="RunOptions.Globals"/> matters.</param>
    ValidationResult Validate(string code, RunOptions? options = null);

    /// <summary>Scores a program with the documented rules, without running it. It is read as JavaScript, or else as TypeScript. Needs no worker.</summary>
    ScoreResult Score(string code);

    /// <summary>Opens a reference that a run returned as a token (<see cref="ReturnedReferences.Token"/>), on any host that shares the store.</summary>
    /// <param name="token">The <see cref="ScriptReference.Id"/> of the returned reference.</param>
    /// <param name="tenant">The <see cref="RunOptions.Tenant"/> of that run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The whole value. Null if the token is unknown, belongs to another tenant, or has expired (<see cref="SidecarOptions.Ttl"/>).</returns>
    /// <exception cref="IOException">The store failed, or did not answer within <see cref="SidecarOptions.StorageTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">The host has no sidecar.</exception>
    Task<ScriptValue?> OpenReferenceAsync(string token, string? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the present state of the pool.</summary>
    PoolSnapshot GetSnapshot();

    /// <summary>True if the queue has room for one more run. Other runs may take the room at any time.</summary>
    /// <param name="tenant">The tenant of the run; null for none.</param>
    /// <param name="ahead">Runs that are on their way to the queue and counted as if they waited in it.</param>
    /// <returns>The answer of the queue; <see cref="QueueVerdict.Added"/> from an implementation without a queue.</returns>
    QueueVerdict CheckQueueRoom(string? tenant, QueueAhead ahead) => QueueVerdict.Added;

    /// <summary>Returns the isolation of the workers, layer by layer, and how each was verified.</summary>
    IsolationReport GetIsolationReport();

    /// <summary>The parts of a host, for the projects above it; null of an implementation of others.</summary>
    internal HostParts? Parts => null;
}
