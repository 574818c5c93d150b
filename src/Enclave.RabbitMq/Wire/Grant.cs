using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Enclave.RabbitMq.Wire;

/// <summary>The limits of a run that may begin.</summary>
/// <param name="TtlMs">The remaining lifetime of its session in milliseconds: its wait is part of its lifetime.</param>
/// <param name="WindowBytes">How far it may be ahead of its reader (<see cref="EventWindow"/>); 0 from a broker that does not set it.</param>
internal readonly record struct Grant(int TtlMs, int WindowBytes)
{
    private const int MaxBytes = 64;

    public ReadOnlyMemory<byte> Write() =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"ttlMs":{{TtlMs}},"windowBytes":{{WindowBytes}}}"""));

    public static bool TryRead(ReadOnlyMemory<byte> body, out Grant grant)
    {
        grant = default;
        if (body.Length > MaxBytes || !BoundedJson.TryParse(body, out JsonDocument? document)) return false;
        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !BoundedJson.TryCount(root, "ttlMs", int.MaxValue, out int ttlMs) || ttlMs <= 0) return false;
            int windowBytes = 0;
            if (root.TryGetProperty("windowBytes", out _) && !BoundedJson.TryCount(root, "windowBytes", int.MaxValue, out windowBytes)) return false;
            grant = new Grant(ttlMs, windowBytes);
            return true;
        }
    }
}
