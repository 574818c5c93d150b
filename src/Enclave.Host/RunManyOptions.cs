namespace Enclave;

/// <summary>Settings of one script that runs for many inputs (<see cref="IEnclave.RunManyAsync"/>).</summary>
public sealed record RunManyOptions
{
    /// <summary>
    /// Tenant, limits and the rest. <see cref="LimitOptions.Timeout"/>, <see cref="LimitOptions.MemoryLimit"/> and the other limits are those of each
    /// input. Default: null, the host's.
    /// </summary>
    public RunOptions? Run { get; init; }

    /// <summary>The global by which the script reads its input. Default: <c>input</c>.</summary>
    public string InputName { get; init; } = "input";

    /// <summary>
    /// True to give each input a run of its own, in a state that no other has seen. False: inputs share visits of a worker, and a script that changes a
    /// built-in object changes it for later inputs of its visit. Default: false. A script that names a tool or <c>console</c> has a run for each input.
    /// </summary>
    public bool FreshRealm { get; init; }

    /// <summary>The most runs at once. Results keep the order of the inputs. Range: 1 to 64. Default: 1.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The longest time of all inputs together. The inputs that are left then end with <see cref="ErrorCode.Timeout"/>. Default: null, none.</summary>
    public TimeSpan? TotalTimeout { get; init; }
}
