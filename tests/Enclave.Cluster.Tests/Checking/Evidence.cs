using Enclave.Cluster.Tests.Chaos;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>All facts about a run. None of them is a statistic of the product itself.</summary>
internal sealed record Evidence
{
    /// <summary>The planned sessions.</summary>
    public required IReadOnlyList<PlannedSession> Plan { get; init; }

    /// <summary>The tables' contents.</summary>
    public required IReadOnlyList<StoredSession> Store { get; init; }

    /// <summary>The clients' logs.</summary>
    public required IReadOnlyList<ClientRecord> Clients { get; init; }

    /// <summary>The log of the tools that clients answer.</summary>
    public required IReadOnlyList<ToolRecord> Tools { get; init; }

    /// <summary>The log of the tool that brokers run: nonce and step of each call.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The faults that were caused.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Maximum number of sessions on all runtimes together.</summary>
    public required int Slots { get; init; }

    public required int Brokers { get; init; }
}
