namespace Enclave;

/// <summary>
/// A second isolate in its own process, between a script and the tools. The script's isolate has no bridge to the host's tools. The outer one checks each
/// call against the operator's policy and makes the permitted ones (docs/double-vm.md). It works with every <see cref="EnclaveAdapter"/>.
/// </summary>
public sealed record DoubleVmOptions
{
    /// <summary>True to use an outer isolate. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The policy for tool calls: AgentScript whose value is an arrow function <c>(call) => true</c>,
    /// or an object <c>{ call, result }</c> of two. It returns true,
    /// false, or <c>{ allow, name, args, reason }</c>. Default: null, every call passes.
    /// </summary>
    public string? ToolPolicy { get; init; }

    /// <summary>
    /// Constants that the policy finds as globals. Scripts never see them. Any value that <see cref="Protocol.ScriptValue.From"/> accepts. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? PolicyGlobals { get; init; }

    /// <summary>
    /// Wall time of the script's own isolate, unless <see cref="LimitOptions.Timeout"/> is set. Range: 1 ms
    /// to 24 h. Default: null, <see cref="EnclaveOptions.Timeout"/>.
    /// </summary>
    public TimeSpan? InnerTimeout { get; init; }

    /// <summary>
    /// Wall and CPU time of the outer isolate, from the first tool call of a run. Range: 1 ms to
    /// 25 h. Default: null, one second more than the run's own time.
    /// </summary>
    public TimeSpan? OuterTimeout { get; init; }

    /// <summary>
    /// V8 heap and buffers of the outer isolate, in bytes. Range: 8 MB to
    /// <see cref="WorkerPoolOptions.MemoryLimitPerWorker"/>. Default: 64 MB, or that if it is less.
    /// </summary>
    public long? OuterMemoryLimit { get; init; }
}
