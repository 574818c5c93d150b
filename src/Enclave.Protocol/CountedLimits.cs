namespace Enclave.Protocol;

/// <summary>The limits of a run that its worker counts.</summary>
/// <remarks>They are the same numbers in the options of a session, in the table of levels, in messages and in recordings.</remarks>
public abstract record CountedLimits
{
    internal CountedLimits()
    {
    }

    /// <summary>Tool calls of the run. Range: 0 to 1,000,000.</summary>
    public required int MaxToolCalls { get; init; }

    /// <summary>Iterations of one loop, and calls of one counted callback. Range: 1 to 1,000,000,000.</summary>
    public required int MaxIterations { get; init; }

    /// <summary>Calls of the console. Range: 0 to 10,000,000.</summary>
    public required int MaxConsoleCalls { get; init; }

    /// <summary>Bytes of all console lines, in UTF-8. Range: 0 to 1 GB.</summary>
    public required long MaxConsoleBytes { get; init; }
}
