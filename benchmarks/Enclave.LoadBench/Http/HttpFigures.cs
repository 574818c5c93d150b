namespace Enclave.LoadBench.Http;

/// <summary>The figures of one load.</summary>
/// <param name="Setup">The place where the scripts ran.</param>
/// <param name="Load">The load.</param>
/// <param name="P50">Half of the sessions took at most this many milliseconds, from the request to the last byte.</param>
/// <param name="P99">99 of 100 sessions took at most this many milliseconds.</param>
/// <param name="PerSecond">Sessions per second; 0 for a load with pauses.</param>
internal sealed record HttpFigures(string Setup, string Load, int Clients, double P50, double P99, double PerSecond)
{
    public required int Sessions { get; init; }

    /// <summary>The duration of the load, or the idle time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Average per session.</summary>
    public required double ToolCalls { get; init; }

    /// <summary>Average per session.</summary>
    public required double Lines { get; init; }

    public required bool IsFitted { get; init; }

    /// <summary>Milliseconds of CPU time of each part, per session. For an idle tier, per second.</summary>
    public required IReadOnlyDictionary<string, double> Cpu { get; init; }

    /// <summary>Bytes and rows written and sent, per session. For an idle tier, per second.</summary>
    public required IReadOnlyDictionary<string, double> Counts { get; init; }

    /// <summary>Memory of each part in bytes, for an idle tier after its loads; otherwise null.</summary>
    public IReadOnlyDictionary<string, double>? Memory { get; init; }
}
