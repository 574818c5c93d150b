using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The session's deadline has passed; its <see cref="Final"/> follows.</summary>
/// <param name="ElapsedMs">Milliseconds since the session began.</param>
/// <param name="BudgetMs">The deadline in milliseconds.</param>
public sealed record DeadlineExceeded(double ElapsedMs, double BudgetMs) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "deadline_exceeded";

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteNumber("elapsedMs"u8, ElapsedMs);
        writer.WriteNumber("budgetMs"u8, BudgetMs);
    }
}
