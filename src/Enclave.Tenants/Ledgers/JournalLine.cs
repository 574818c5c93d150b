using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enclave.Tenants.Ledgers;

/// <summary>One line of a process's journal. One member is set.</summary>
internal sealed record JournalLine
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 8,
    };

    /// <summary>A run that the gate is about to let in.</summary>
    public LedgerRow? Begun { get; init; }

    /// <summary>A run that has ended.</summary>
    public LedgerRow? Ended { get; init; }

    /// <summary>The id of the row of a run that the gate has not let in after all.</summary>
    public string? Gone { get; init; }

    public byte[] ToUtf8() => [.. JsonSerializer.SerializeToUtf8Bytes(this, s_json), (byte)'\n'];

    /// <summary>Null if the line is none: its writer was killed half-way.</summary>
    public static JournalLine? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(line, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
