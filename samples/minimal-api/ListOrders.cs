namespace Enclave.Samples;

/// <summary>The only tool of this application: it returns the orders of the run's own tenant.</summary>
internal sealed class ListOrders(OrderStore orders) : ITool<ListOrders.Arguments, Order[]>
{
    public static string Name => "orders:list";

    public static ToolOptions Options => new() { Description = "The tenant's orders, newest first.", Timeout = TimeSpan.FromSeconds(1), MaxCalls = 10 };

    // The tenant comes from the request's identity, never from the script's arguments.
    public Task<Order[]> CallAsync(Arguments arguments, ToolContext context, CancellationToken cancellationToken) =>
        Task.FromResult(orders.Of(context.Tenant, Math.Clamp(arguments.Limit ?? 20, 1, 100)));

    internal sealed record Arguments(int? Limit = null);
}
