using Enclave.Cli.Options;
using Enclave.Cli.Tools;

namespace Enclave.Cli.Batch;

/// <summary>Many scripts to run, as the command line asked.</summary>
internal sealed record BatchRequest
{
    /// <summary>A path, or <c>-</c> for standard input.</summary>
    public required string File { get; init; }

    public required int Workers { get; init; }

    /// <summary>Jobs that are read but not answered, at most: enough that no worker waits for the reader.</summary>
    public int InFlight => Workers * 2;

    /// <summary>What jobs have that do not say otherwise.</summary>
    public required HostSettings Host { get; init; }

    /// <summary>For jobs without tools of their own.</summary>
    public required ToolBox Tools { get; init; }

    public required IReadOnlyDictionary<string, object?> Globals { get; init; }

    /// <summary>Whether a failed job is a failure of the batch.</summary>
    public bool FailOnError { get; init; }
}
