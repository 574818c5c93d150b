using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Queues;

namespace Enclave;

/// <summary>Runs scripts that nobody trusts. Safe for use from any number of threads.</summary>
public interface IEnclave : IAsyncDisposable
{
    /// <summary>Runs one program and gives its one answer.</summary>
    /// <param name="code">A function body in JavaScript: <c>return</c> and <c>await</c> stand at its top level.</param>
    /// <param name="options">What this run has that differs from the host's options; null for none.</param>
    /// <param name="cancellationToken">Ends the run; the task is then cancelled.</param>
    /// <returns>The result, also of every failure that a script, a full queue or a dying worker can cause.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before this call.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ExecutionResult> RunAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Runs one program and tells what happens in it while it happens. The run starts when the first event is asked for; each enumeration is a run of its own.</summary>
    /// <param name="code">As for <see cref="RunAsync"/>.</param>
    /// <param name="options">As for <see cref="RunAsync"/>; <see cref="RunOptions.MaxBufferedEvents"/> and <see cref="RunOptions.MaxBufferedEventBytes"/> bound what a reader who lags makes the host hold.</param>
    /// <param name="cancellationToken">Ends the run; the enumeration then throws. Leaving the enumeration early ends the run too.</param>
    /// <returns><see cref="StartedEvent"/> first, if the run starts at all; <see cref="FinishedEvent"/> exactly once and last.</returns>
    /// <remarks>
    /// Nobody waits for a reader. What does not fit any more is dropped and counted in an <see cref="EventsDroppedEvent"/> at its place: console lines and reports of tools when
    /// half of the buffer is taken; tool events lose their payload when all its bytes are, and go last, when all its places are. The run goes on, and its result is whole (docs/streaming.md).
    /// </remarks>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<ExecutionEvent> StreamAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Starts one program as a session, whose events may be read again and whose tool calls are answered from outside.</summary>
    /// <param name="code">As for <see cref="RunAsync"/>.</param>
    /// <param name="options">Its limits, and which tools are answered outside; null for the defaults.</param>
    /// <returns>The session, which runs already. Also of a program that is refused: that is its result.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before.</exception>
    ExecutionSession OpenSession(string code, EnclaveSessionOptions? options = null);

    /// <summary>Judges a program without running it: what <see cref="RunAsync"/> would refuse, and what it would only remark on. Needs no worker.</summary>
    /// <param name="code">The program.</param>
    /// <param name="options">What this run would have; only <see cref="RunOptions.Globals"/> matters here.</param>
    ValidationResult Validate(string code, RunOptions? options = null);

    /// <summary>Scores a program with the documented rules, without running it. Needs no worker.</summary>
    ScoreResult Score(string code);

    /// <summary>The value of a reference that a run returned as a token (<see cref="ReturnedReferences.Token"/>), on any host that shares the store.</summary>
    /// <param name="token">The <see cref="ScriptReference.Id"/> of the returned reference.</param>
    /// <param name="tenant">The <see cref="RunOptions.Tenant"/> of that run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The whole value; null if there is none: never was, another tenant's, or its <see cref="SidecarOptions.Ttl"/> has passed.</returns>
    /// <exception cref="IOException">The store failed, or not within <see cref="SidecarOptions.StorageTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">The host has no sidecar.</exception>
    Task<ScriptValue?> OpenReferenceAsync(string token, string? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>What a model has to know to write a program that runs here: the language at the host's level, the limits of a run, the registered tools with their types. Needs no worker.</summary>
    /// <param name="format">The form of the text.</param>
    /// <param name="options">What the run would have: its limits, its globals, and its tenant, who sees the tools that are open to it; null for none.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    string DescribeForModel(ModelTextFormat format = ModelTextFormat.TypeScript, RunOptions? options = null);

    /// <summary>The same in TypeScript for hosts with many tools: with their declarations where these fit, or else with an index of them, for models that can search (<see cref="SearchTools"/>).</summary>
    /// <param name="maxToolTokens">Tokens that the tools may take, roughly: three characters count as one. Range: 100 to 1,000,000.</param>
    /// <param name="options">As for <see cref="DescribeForModel"/>.</param>
    /// <exception cref="ArgumentException">An option, or <paramref name="maxToolTokens"/>, is out of its range.</exception>
    string DescribeForModelWithin(int maxToolTokens, RunOptions? options = null);

    /// <summary>Finds tools by words in their names and descriptions. Needs no worker.</summary>
    /// <param name="query">The words, in any order and form: <c>create an issue</c>.</param>
    /// <param name="limit">Most tools to give. Range: 1 to 1,000.</param>
    /// <param name="options">What the run would have: its tools, and its tenant.</param>
    /// <returns>The tools that fit best, best first; none that shares no word with the query.</returns>
    /// <exception cref="ArgumentException">An option, or <paramref name="limit"/>, is out of its range.</exception>
    IReadOnlyList<ToolDefinition> SearchTools(string query, int limit = 10, RunOptions? options = null);

    /// <summary>The declarations of these tools in TypeScript, as <see cref="DescribeForModel"/> has them; names that are none are said in a comment. Needs no worker.</summary>
    /// <param name="names">Names of tools, at most 1,000.</param>
    /// <param name="options">What the run would have: its tools, and its tenant.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there are more names.</exception>
    string DescribeTools(IReadOnlyCollection<string> names, RunOptions? options = null);

    /// <summary>What the pool holds at this moment.</summary>
    PoolSnapshot GetSnapshot();

    /// <summary>Whether one more run would find room in the queue. Promises nothing: others may fill it meanwhile.</summary>
    /// <param name="tenant">The tenant of the run; null for none.</param>
    /// <param name="ahead">Runs that are on their way to the queue and counted as if they waited in it.</param>
    /// <returns>The answer of the queue; <see cref="QueueVerdict.Added"/> from an implementation without a queue.</returns>
    QueueVerdict CheckQueueRoom(string? tenant, QueueAhead ahead) => QueueVerdict.Added;

    /// <summary>What stands around the workers, layer by layer, and how that is known.</summary>
    IsolationReport GetIsolationReport();
}
