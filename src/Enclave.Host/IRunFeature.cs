using Enclave.Limits;
using Enclave.Runs;

namespace Enclave;

// Features. Durable runs, conversations and recordings are features of runs. The host does not know how they work: it asks each feature at the places below,
// for the hosts and the runs that use one. RunFeatures lists them.

/// <summary>A feature of runs that the host itself does not need.</summary>
internal interface IRunFeature
{
    /// <summary>Finds the options of a host that are out of their ranges.</summary>
    void Check(OptionFaults wrong, EnclaveOptions options, WorkerPoolOptions pool)
    {
    }

    /// <summary>Finds the options of a run that are out of their ranges.</summary>
    void Check(OptionFaults wrong, RunOptions run)
    {
    }

    /// <summary>Begins its work at a new host.</summary>
    void Begin(HostParts host)
    {
    }

    /// <summary>The globals that the script of a run has, with their TypeScript types. Descriptions for models leave out globals without a type.</summary>
    IReadOnlyList<(string Name, string? Type)> GlobalsOf(RunOptions run) => [];

    /// <summary>Runs a program in the way of the feature; null if the run does not use it.</summary>
    Task<ExecutionResult>? Run(HostParts host, string code, RunOptions run, CancellationToken cancellationToken) => null;

    /// <summary>Observes a run from its start to its answer; null if it does not observe this one.</summary>
    /// <param name="host">The host.</param>
    /// <param name="asked">The run.</param>
    /// <param name="begin">Starts it.</param>
    Task<ExecutionResult>? Observe(HostParts host, RequestedRun asked, Func<RequestedRun, Task<ExecutionResult>> begin) => null;

    /// <summary>The invoker of a run's tool calls at a rank.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="host">The host.</param>
    /// <param name="run">The run.</param>
    /// <param name="next">Gets all calls that the feature does not answer. It is returned if the feature has no station there.</param>
    IToolInvoker Station(StationRank rank, HostParts host, RunOptions run, IToolInvoker next) => next;
}
