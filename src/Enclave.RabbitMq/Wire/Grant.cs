using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Enclave.RabbitMq.Wire;

/// <summary>The remaining lifetime of a session that may begin: its wait is part of its lifetime.</summary>
internal static class Grant
{
    private const int MaxBytes = 64;

    public static ReadOnlyMemory<byte> Write(long ttlMs) => Encoding.UTF8.GetBytes($$"""{"ttlMs":{{ttlMs.ToString(CultureInfo.InvariantCulture)}}}""");

    public static bool TryRead(ReadOnlyMemory<byte> body, out int ttlMs)
    {
        ttlMs = 0;
        if (body.Length > MaxBytes || !BoundedJson.TryParse(body, out JsonDocument? document)) return false;
        using (document) return document.RootElement.ValueKind == JsonValueKind.Object
            && BoundedJson.TryCount(document.RootElement, "ttlMs", int.MaxValue, out ttlMs) && ttlMs > 0;
    }
}
