namespace Enclave.LoadBench.Durable;

/// <summary>A kind of store that is measured.</summary>
/// <param name="Name">Its name in reports, and for <c>--store</c>.</param>
/// <param name="OpenAsync">Makes an empty one.</param>
internal sealed record StoreKind(string Name, Func<Task<MeasuredStore>> OpenAsync)
{
    /// <summary>All of them. Another one is another line.</summary>
    public static IReadOnlyList<StoreKind> All { get; } =
    [
        new("memory", () => Task.FromResult(MeasuredStore.InMemory())),
        new("folder", () => Task.FromResult(MeasuredStore.InFolder())),
        new("postgresql", MeasuredStore.InDatabaseAsync),
    ];
}
