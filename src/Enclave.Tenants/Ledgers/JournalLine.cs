using System.Text.Json;

namespace Enclave.Tenants.Ledgers;

/// <summary>One line of a process's journal. One member is set.</summary>
internal sealed record JournalLine
{
    /// <summary>A run that the gate is about to let in.</summary>
    public LedgerRow? Begun { get; init; }

    /// <summary>A run that has ended.</summary>
    public LedgerRow? Ended { get; init; }

    /// <summary>The id of the row of a run that the gate has not let in after all.</summary>
    public string? Gone { get; init; }

    public byte[] ToUtf8() => [.. JsonSerializer.SerializeToUtf8Bytes(this, LedgerJson.Default.JournalLine), (byte)'\n'];

    /// <summary>Null if the line is none: its writer was killed half-way.</summary>
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
