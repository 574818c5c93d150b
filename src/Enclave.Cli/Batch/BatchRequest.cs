using Enclave.Cli.Options;
using Enclave.Cli.Tools;

namespace Enclave.Cli.Batch;

/// <summary>The options of a batch of scripts.</summary>
internal sealed record BatchRequest
{
    /// <summary>A path, or <c>-</c> for standard input.</summary>
    public required string File { get; init; }

    public required int Workers { get; init; }

    /// <summary>Maximum number of jobs that are read but not answered: enough to keep all workers busy.</summary>
    public int InFlight => Workers * 2;

    /// <summary>The settings of jobs that have none of their own.</summary>
    public required HostSettings Host { get; init; }

    /// <summary>The tools of jobs that have none of their own.</summary>
    public required ToolBox Tools { get; init; }

    public required IReadOnlyDictionary<string, object?> Globals { get; init; }

    /// <summary>The tenant of all jobs; null for none.</summary>
    public string? Tenant { get; init; }

    /// <summary>True if a failed job is a failure of the batch.</summary>
    public bool FailOnError { get; init; }
}
