using System.Collections.Immutable;

namespace Enclave.Journals;

/// <summary>Everything about a run that its store reads by itself. The entries are opaque to it.</summary>
internal sealed record StoredRun
{
    public required RunKey Key { get; init; }

    /// <summary>The id of its journal, 16 random bytes. A run that starts over gets another.</summary>
    public required Guid Journal { get; init; }

    /// <summary>A hash of the script and the globals that it was started with.</summary>
    public required ImmutableArray<byte> Origin { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Changed { get; init; }

    public DurableRunState State { get; init; }

    /// <summary>When a run is due that any host may take, whatever its clock says.</summary>
    public static DateTimeOffset Always => DateTimeOffset.UnixEpoch;

    /// <summary>When a host may take it; null if only an answer makes it due.</summary>
    public DateTimeOffset? Due { get; init; }

    public ImmutableArray<StoredWait> Waits { get; init; } = [];

    /// <summary>The number of its entries.</summary>
    public int Entries { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The sealed number and tag of its last entry.</summary>
    public ImmutableArray<byte> Head { get; init; } = [];

    /// <summary>The least head that the journal must have reached, if a newer head is stored with the entries; empty for none.</summary>
    public ImmutableArray<byte> LeastHead { get; init; } = [];

    /// <summary>Crashes of its worker in a row, without a step between them.</summary>
    public int Attempts { get; init; }

    /// <summary>True if the run has this wait. Times are not compared, because they may be rounded.</summary>
    public bool Has(StoredWait wait) => Waits.Any((one) => one.Call == wait.Call && one.Token == wait.Token);

    /// <summary>True if the row must be written: the state, the time, the crashes or the waits differ. New entries alone do not change the row.</summary>
    public bool Differs(StoredRun other) =>
        State != other.State || Due != other.Due || Attempts != other.Attempts || (Waits != other.Waits && !Waits.SequenceEqual(other.Waits));

    /// <summary>The code of its end: <c>OK</c> or an error's; null before.</summary>
    public string? Outcome { get; init; }
}
