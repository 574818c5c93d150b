namespace Enclave.LoadBench.Http;

/// <summary>What one load came to.</summary>
/// <param name="Setup">Where the scripts ran.</param>
/// <param name="Load">What was asked for.</param>
/// <param name="P50">Half of the sessions took at most this, in milliseconds, from the request to the last byte.</param>
/// <param name="P99">So did 99 of 100.</param>
/// <param name="PerSecond">Sessions in a second; 0 after pauses.</param>
internal sealed record HttpFigures(string Setup, string Load, int Clients, double P50, double P99, double PerSecond)
{
    public required int Sessions { get; init; }

    /// <summary>How long the load took, or the idle time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Of a session, on average.</summary>
    public required double ToolCalls { get; init; }

    /// <summary>Of a session, on average.</summary>
    public required double Lines { get; init; }

    public required bool IsFitted { get; init; }

    /// <summary>Milliseconds of CPU time of each part, for a session; of an idle tier for a second.</summary>
    public required IReadOnlyDictionary<string, double> Cpu { get; init; }

    /// <summary>What was written and sent for a session; of an idle tier in a second.</summary>
    public required IReadOnlyDictionary<string, double> Counts { get; init; }

    /// <summary>Bytes of memory of each part, of an idle tier after its loads; null else.</summary>
    public IReadOnlyDictionary<string, double>? Memory { get; init; }
}
