using System.Text.Json;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Ledgers;

/// <summary>One line of a process's journal: a run that the gate lets in, or one that has ended.</summary>
internal sealed record JournalLine
{
    /// <summary>A run that the gate is about to let in.</summary>
    public LedgerRow? Begun { get; init; }

    /// <summary>A run that has ended.</summary>
    public LedgerRow? Ended { get; init; }

    /// <summary>The id of the row of a run that the gate has not let in after all.</summary>
    public string? Gone { get; init; }

    /// <summary>The number of a run that has begun: it grows in all journals of a process. 0 for lines without one.</summary>
    public long Number { get; init; }

    /// <summary>The reservations of a run that has begun in the book of its tenant.</summary>
    public HeldQuota[]? Own { get; init; }

    /// <summary>Its reservations in the book of all tenants.</summary>
    public HeldQuota[]? All { get; init; }

    /// <summary>Null if the line is not complete, because its writer was killed half-way.</summary>
    public static JournalLine? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LedgerJson.Default.JournalLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
