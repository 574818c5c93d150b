using Enclave.Cluster.Tests.Chaos;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>All that is known of a run; nothing of it is the product's own count.</summary>
internal sealed record Evidence
{
    /// <summary>What clients were to open.</summary>
    public required IReadOnlyList<PlannedSession> Plan { get; init; }

    /// <summary>What the tables have.</summary>
    public required IReadOnlyList<StoredSession> Store { get; init; }

    /// <summary>What clients wrote down.</summary>
    public required IReadOnlyList<ClientRecord> Clients { get; init; }

    /// <summary>What the tools wrote down that clients answer.</summary>
    public required IReadOnlyList<ToolRecord> Tools { get; init; }

    /// <summary>What the tool wrote down that brokers call: nonce and step of each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What was done to the cluster.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Sessions that all runtimes together may have at once.</summary>
    public required int Slots { get; init; }

    public required int Brokers { get; init; }
}
