using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Tests.Services;

/// <summary>An ordinary ASP.NET Core application on a loopback port. The framework generates its document.</summary>
internal sealed class ShopService : IAsyncDisposable
{
    public const string Key = "k3y-of-the-shop-0123456789";

    private readonly WebApplication _app;

    private ShopService(WebApplication app, Uri address) => (_app, Address) = (app, address);

    public Uri Address { get; }

    public string Document => new Uri(Address, "/openapi/v1.json").AbsoluteUri;

    public static async Task<ShopService> Start()
    {
        WebApplicationBuilder builder = LocalWeb.Builder();
        builder.Services.AddOpenApi();
        builder.Services.AddProblemDetails();
        WebApplication app = builder.Build();
        app.MapOpenApi();
        Map(app);
        return new ShopService(app, await LocalWeb.Start(app));
    }

    public async ValueTask DisposeAsync() => await Within.Deadline(_app.DisposeAsync().AsTask(), "end of the service");

    /// <summary>Options for the service itself and for a caller without a broker.</summary>
    public OpenApiOptions Options(string name = "shop") => new()
    {
        Name = name,
        Document = Document,
        BaseAddress = Address,
        AllowHttp = true,
        Credential = HttpCredential.Header("X-Api-Key", "SHOP_KEY"),
    };

    private static void Map(WebApplication app)
    {
        app.MapGet("/orders/{id:int}", Results<Ok<Order>, ProblemHttpResult> (int id) => id == 404
            ? TypedResults.Problem("there is no such order", statusCode: 404)
            : TypedResults.Ok(new Order(id, OrderState.Open, [new Line("tea", 2)], null))).WithName("GetOrder").WithTags("orders").WithSummary("One order.");
        app.MapGet("/orders", ([Description("Which states.")] OrderState[]? state, int limit = 10) =>
            (state ?? []).Select((one, i) => new Order(i + limit, one, [], null)).ToArray()).WithName("ListOrders").WithTags("orders");
        app.MapPost("/orders", Created<Order> (NewOrder order) => TypedResults.Created("/orders/1", new Order(1, OrderState.Open, order.Lines, order.Note)))
            .WithName("CreateOrder").WithTags("orders");
        app.MapDelete("/orders/{id:int}", (int id) => TypedResults.NoContent()).WithName("RemoveOrder").WithTags("orders");
        // Returns the value as the route reads it, and as it came over the wire.
        app.MapGet("/echo/{text}/end", (string text, string? q, [FromHeader(Name = "X-Note")] string? note, HttpContext context) =>
            new Heard(text, q, note, context.Features.Get<IHttpRequestFeature>()!.RawTarget)).WithName("Echo");
        app.MapGet("/who", (HttpContext context) => new Who(context.Request.Headers["X-Api-Key"] == Key,
            context.Request.Headers["X-Api-Key"].ToString(), context.Request.Headers.Cookie.ToString())).WithName("Who");
        app.MapGet("/away", () => TypedResults.Redirect("http://127.0.0.1:1/elsewhere")).WithName("Away");
        app.MapGet("/cookie", (HttpContext context) =>
        {
            context.Response.Cookies.Append("sid", "from-the-service");
            return "kept?";
        }).WithName("Cookie");
        app.MapGet("/slow", async (CancellationToken gone) =>
        {
            await Task.Delay(Timeout.Infinite, gone);
            return 1;
        }).WithName("Slow");
        app.MapGet("/large", (int kb) => new string('x', kb * 1024)).WithName("Large");
    }

    private enum OrderState
    {
        Open,
        Paid,
        Gone,
    }

    private sealed record Line([property: MaxLength(100)] string Article, [property: Range(1, 100)] int Count);

    private sealed record Order(int Id, OrderState State, Line[] Lines, string? Note);

    private sealed record NewOrder(Line[] Lines, string? Note = null);

    private sealed record Heard(string Text, string? Q, string? Note, string Target);

    private sealed record Who(bool IsKnown, string Key, string Cookie);
}
