using Enclave.Guard;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Protocol.Messages;

namespace Enclave;

/// <summary>Settings of one run that differ from the host's <see cref="EnclaveOptions"/>. Null means the host's.</summary>
public sealed record RunOptions : LimitOptions
{
    internal const string DefaultSourceName = "script.js";

    /// <summary>Options that ask for the limits that a run had.</summary>
    internal static RunOptions Of(RunLimits limits) => new RunOptions
    {
        Timeout = Clock.Time(limits.TimeoutMicroseconds),
        CpuTimeout = Clock.Time(limits.CpuMicroseconds),
        MemoryLimit = limits.MemoryBytes,
    }.Over(new LimitOptions(limits));

    /// <summary>
    /// Constants that the script finds as globals, in addition to the host's. If both have a name, this value wins. Any value that
    /// <see cref="Protocol.ScriptValue.From"/> accepts.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Globals { get; init; }

    /// <summary>
    /// Tools of this run, a <see cref="ToolCollection"/>: for example a customer's own. They come before the host's: if both have a name, this tool is
    /// called. The collection cannot change any more, and may be given to many runs. Default: none.
    /// </summary>
    /// <remarks>Limits of a tool (<see cref="ToolOptions"/>) count over all runs of a host with the
    /// same collection. Approval and secrets are the host's.</remarks>
    public RunTools? Tools { get; init; }

    /// <summary>Passed to tools as <see cref="ToolContext.Context"/>. It never reaches the script or the worker.</summary>
    public object? Context { get; init; }

    /// <summary>The tenant of the run. At STRICT and SECURE a worker serves one tenant in its life. Runs without a tenant count as one tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>
    /// A part of the tenant that is counted by itself, for example a user or a project (docs/tenants.md). Range: 1 to 200 characters. Default: null, none.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The script's name in stacks. Default: <c>script.js</c>. Range: 1 to 200 characters.</summary>
    public string? SourceName { get; init; }

    /// <summary>
    /// The run's id: in its result (<see cref="ExecutionResult.RunId"/>), logs, audit records and traces, and for its tools. Give one if your program has a
    /// name for the run already, a different one for each run. Range: 1 to 128 ASCII letters, digits and <c>_ - . :</c>. Default: 16 hexadecimal digits of
    /// the host, <c>-</c>, and the run's number in it.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>The language of the script. Default: <see cref="ScriptLanguage.Either"/>.</summary>
    public ScriptLanguage? Language { get; init; }

    /// <summary>The rules for the script. Default: the host's (<see cref="EnclaveOptions.Preset"/>).</summary>
    public GuardPreset? Preset { get; init; }

    /// <summary>True for a script that a model wrote: without a choice of rules it has the whole language.</summary>
    internal bool IsOfModel { get; init; }

    /// <summary>
    /// True to record the run in <see cref="ExecutionResult.Recording"/>. Its random numbers then have a recorded seed,
    /// and its clock moves only when a tool answers. Default: false.
    /// </summary>
    public bool Record { get; init; }

    /// <summary>
    /// The name of the run in the host's store of durable runs. Such a run can wait for hours or weeks, outlives its process, and continues at any host that
    /// shares the store (docs/durable-runs.md). Start it with <c>StartAsync</c>. Each tenant has names of its own. Range: 1 to 200 characters. Default: null, a
    /// run that ends with its process.
    /// </summary>
    public string? Durable { get; init; }

    /// <summary>
    /// The conversation that the run belongs to. Its script then has the globals <c>store(key, value)</c> and <c>load(key)</c>, for data that later runs of
    /// the same conversation and tenant find (docs/code-mode.md). The application names it, never the script; each tenant has names of its own. Range: 1 to
    /// 200 characters. Default: null, none: nothing is left behind.
    /// </summary>
    public string? Conversation { get; init; }

    /// <summary>
    /// True to give the script <c>limits.remaining()</c>: the remainder of its calls, its time and the quotas of its tenant (docs/tenants.md). A policy of
    /// the tenant may do so too. Durable runs do not have it. Default: false.
    /// </summary>
    public bool ShowsLimits { get; init; }

    /// <summary>Returns what is left of the quotas of the tenant, by their names; null without quotas.</summary>
    internal Func<CancellationToken, ValueTask<IReadOnlyDictionary<string, double>>>? QuotasLeft { get; init; }

    /// <summary>Tokens of the description of the tools that the model of the script was given, estimated; null if they were not counted.</summary>
    internal int? DeclarationTokens { get; init; }

    /// <summary>The saved script of the run, as <c>report@3</c>; null for another script.</summary>
    internal string? SavedScript { get; init; }

    /// <summary>True for a script that is judged without a run: a call of a tool that the tenant may not call is an issue then.</summary>
    internal bool IsJudged { get; init; }

    /// <summary>The version of the policy that judged the run; null without policies.</summary>
    internal string? PolicyVersion { get; init; }

    /// <summary>Returns true for the names of tools that the tenant may call; null for all tools.</summary>
    internal Func<string, bool>? AllowsTool { get; init; }

    /// <summary>Returns true for addresses that fetch may ask for the tenant; null for all that the host allows.</summary>
    internal Func<Uri, bool>? AllowsOrigin { get; init; }

    /// <summary>The session of a broker that a durable run belongs to; null for none.</summary>
    internal DurableSession? Session { get; init; }

    /// <summary>
    /// Called for each console line as it arrives, in order, never concurrently. Its exceptions are logged. The answer waits at most 1 s for
    /// calls that have not ended; the remaining lines come after it.
    /// </summary>
    public Action<ConsoleLine>? OnConsole { get; init; }

    /// <summary>
    /// Events buffered for a slow reader of <see cref="IEnclave.StreamAsync"/>, or for replay in a session. Range: 16 to 1,000,000. Default: 1024.
    /// </summary>
    public int? MaxBufferedEvents { get; init; }

    /// <summary>The memory of these events in bytes, rounded up. Range: 64 KB to 1 GB. Default: 8 MB.</summary>
    public long? MaxBufferedEventBytes { get; init; }

    /// <summary>The options for a script of a model.</summary>
    internal static RunOptions OfModel(RunOptions? run) => (run ?? new RunOptions()) with { IsOfModel = true };

    /// <inheritdoc cref="LimitOptions.Over"/>
    internal new RunOptions Over(LimitOptions defaults) => (RunOptions)base.Over(defaults);

    /// <inheritdoc cref="LimitOptions.Within"/>
    internal new RunOptions Within(LimitOptions ceiling) => (RunOptions)base.Within(ceiling);
}
