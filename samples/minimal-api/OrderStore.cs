namespace Enclave.Samples;

/// <summary>An order.</summary>
internal sealed record Order(int Number, string Customer, decimal Total);

/// <summary>Replaces your database.</summary>
internal sealed class OrderStore
{
    private readonly Dictionary<string, Order[]> _orders = new(StringComparer.Ordinal)
    {
        ["acme"] = [new(3, "Kim", 120), new(2, "Lee", 80.5m), new(1, "Kim", 19.5m)],
        ["globex"] = [new(1, "Ada", 5)],
    };

    public Order[] Of(string? tenant, int limit) => _orders.TryGetValue(tenant ?? "", out Order[]? all) ? [.. all.Take(limit)] : [];
}
