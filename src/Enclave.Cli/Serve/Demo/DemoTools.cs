using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enclave.Cli.Serve.Demo;

/// <summary>The tools of the page's examples: a small shop, a slow tool, a failing tool.</summary>
internal static class DemoTools
{
    /// <summary>A typical database delay, so that calls are visible.</summary>
    private static readonly TimeSpan s_lookup = TimeSpan.FromMilliseconds(40);

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    private static readonly Customer[] s_customers =
        [new(1, "Ada Byron", "London"), new(2, "Emmy Noether", "Erlangen"), new(3, "Alan Turing", "Manchester"), new(4, "Grace Hopper", "Arlington")];

    private static readonly Order[] s_orders =
    [
        new(101, 1, OrderStatus.Open, 48.50m), new(102, 2, OrderStatus.Paid, 120m), new(103, 3, OrderStatus.Open, 15.20m), new(104, 4, OrderStatus.Sent, 310m),
        new(105, 2, OrderStatus.Open, 75m), new(106, 1, OrderStatus.Sent, 22.90m), new(107, 4, OrderStatus.Open, 199m), new(108, 3, OrderStatus.Paid, 64m),
    ];

    public static void Add(EnclaveOptions options)
    {
        JsonContracts.Add(DemoJson.Default);
        options.Tools.Add<ListOrders, Order[]>("orders:list", ListAsync, new ToolOptions { Description = "Orders of the shop, by status if one is given." });
        options.Tools.Add<GetCustomer, Customer>("customers:get", GetAsync, new ToolOptions { Description = "One customer by number; fails with NOT_FOUND." });
        options.Tools.Add<RenderReport, Report>("report:render", RenderAsync, new ToolOptions { Description = "Takes as many seconds as asked, 20 at most." });
        options.Tools.Add<Nothing, Report>("always:fails", FailAsync, new ToolOptions { Description = "Fails, always." });
    }

    private static async Task<Order[]> ListAsync(ListOrders query, ToolContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(s_lookup, cancellationToken).ConfigureAwait(false);
        return [.. s_orders.Where((order) => query.Status is not { } status || order.Status == status).Take(query.Limit)];
    }

    private static async Task<Customer> GetAsync(GetCustomer query, ToolContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(s_lookup, cancellationToken).ConfigureAwait(false);
        return s_customers.FirstOrDefault((customer) => customer.Id == query.Id)
            ?? throw new ToolException($"there is no customer {query.Id}") { Code = "NOT_FOUND" };
    }

    private static async Task<Report> RenderAsync(RenderReport wanted, ToolContext context, CancellationToken cancellationToken)
    {
        var time = TimeSpan.FromSeconds(Math.Clamp(wanted.Seconds, 0, s_longest.TotalSeconds));
        await Task.Delay(time, cancellationToken).ConfigureAwait(false);
        return new Report(Pages: 1 + (int)(time.TotalSeconds * 12));
    }

    private static Task<Report> FailAsync(Nothing nothing, ToolContext context, CancellationToken cancellationToken) =>
        throw new ToolException("this tool fails whenever it is called") { Code = "ALWAYS_FAILS" };

    [JsonConverter(typeof(OrderStatusConverter))]
    internal enum OrderStatus
    {
        Open,
        Paid,
        Sent,
    }

    internal sealed class OrderStatusConverter() : JsonStringEnumConverter<OrderStatus>(JsonNamingPolicy.CamelCase);

    internal sealed record ListOrders(OrderStatus? Status = null, [property: Description("Most orders.")] int Limit = 50);

    internal sealed record GetCustomer(int Id);

    internal sealed record RenderReport(double Seconds);

    internal sealed record Nothing;

    internal sealed record Order(int Id, int Customer, OrderStatus Status, decimal Total);

    internal sealed record Customer(int Id, string Name, string City);

    internal sealed record Report(int Pages);
}
