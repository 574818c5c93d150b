using System.Text.Json;
using Enclave.Tenants.Ledgers;

namespace Enclave.Tenants;

/// <summary>One run in the ledger: its use, its tenant, and its outcome. Each part of a durable run on a host has a row of its own.</summary>
public sealed record LedgerRow
{
    /// <summary>The id of the row: no other row has it.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the run: <see cref="ExecutionResult.RunId"/>.</summary>
    public required string RunId { get; init; }

    /// <summary>The tenant; null for none.</summary>
    public string? Tenant { get; init; }

    /// <summary>The run's <see cref="RunOptions.Key"/>.</summary>
    public string? Key { get; init; }

    /// <summary>The version of the policy that judged it.</summary>
    public required string PolicyVersion { get; init; }

    /// <summary>The run's <see cref="RunOptions.SourceName"/>.</summary>
    public required string Script { get; init; }

    /// <summary>The name of the durable run; null for another run.</summary>
    public string? Durable { get; init; }

    /// <summary>True for a later part of a durable run: the run was counted with its first one.</summary>
    public bool IsResumed { get; init; }

    /// <summary>When the gate let it in. Its month has the row.</summary>
    public required DateTimeOffset Begin { get; init; }

    /// <summary>When it ended; of a lost run, when its host last wrote something.</summary>
    public DateTimeOffset End { get; init; }

    /// <summary><c>OK</c>, an error code, <c>CALLER_CANCELLED</c>, or <c>LOST</c> for a run whose host was killed.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>True if a worker began the run. Otherwise the run has no cost that is counted here.</summary>
    public bool Began { get; init; }

    /// <summary>CPU time of its worker while it ran, as the operating system counts it, in milliseconds.</summary>
    public double CpuMs { get; init; }

    /// <summary>Its time on a worker, in milliseconds.</summary>
    public double WallMs { get; init; }

    /// <summary>Its time at the gate and in the queue, in milliseconds.</summary>
    public double QueueMs { get; init; }

    /// <summary>The peak of its memory.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Its tool calls.</summary>
    public long ToolCalls { get; init; }

    /// <summary>Bytes sent to its worker.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes received from its worker.</summary>
    public long BytesOut { get; init; }

    /// <summary>Returns the row as JSON on one line, without the line feed.</summary>
    public string ToJsonString() => JsonSerializer.Serialize(this, LedgerJson.Default.LedgerRow);

    /// <summary>Returns the row as a CloudEvent 1.0 on one line: of the type <c>enclave.run.ended</c>, with <see cref="Id"/> and the row as data.</summary>
    /// <param name="source">The source of the event: an address or a name, which with the id names it.</param>
    public string ToCloudEventString(string source)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        return CloudEvent.Of(this, source);
    }

    internal byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, LedgerJson.Default.LedgerRow);

    /// <summary>Reads a line; null if it is not complete, for example because its writer was killed half-way.</summary>
    internal static LedgerRow? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LedgerJson.Default.LedgerRow);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
