namespace Enclave;

/// <summary>
/// A second isolate, in a process of its own, between a script and the tools: the script's isolate has no bridge to the host's tools, the outer one judges each
/// call by the operator's policy and makes those that pass (docs/double-vm.md). It goes with every <see cref="EnclaveAdapter"/>.
/// </summary>
public sealed record DoubleVmOptions
{
    /// <summary>True if there is an outer isolate. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Judges each tool call: AgentScript whose value is an arrow function <c>(call) => true</c>, or an object <c>{ call, result }</c> of two. It answers true, false,
    /// or <c>{ allow, name, args, reason }</c>. Default: null, every call passes.
    /// </summary>
    public string? ToolPolicy { get; init; }

    /// <summary>Constants that the policy finds as globals; scripts never see them. Anything <see cref="Protocol.ScriptValue.From"/> takes. Default: none.</summary>
    public IReadOnlyDictionary<string, object?>? PolicyGlobals { get; init; }

    /// <summary>Wall time of the script's own isolate, unless its <see cref="RunOptions.Timeout"/> says otherwise. Range: 1 ms to 24 h. Default: null, <see cref="EnclaveOptions.Timeout"/>.</summary>
    public TimeSpan? InnerTimeout { get; init; }

    /// <summary>Wall and CPU time of the outer isolate, from the first tool call of a run. Range: 1 ms to 25 h. Default: null, one second more than the run's own time.</summary>
    public TimeSpan? OuterTimeout { get; init; }

    /// <summary>V8 heap and buffers of the outer isolate, in bytes. Range: 8 MB to <see cref="WorkerPoolOptions.MemoryLimitPerWorker"/>. Default: 64 MB, or that if it is less.</summary>
    public long? OuterMemoryLimit { get; init; }
}
