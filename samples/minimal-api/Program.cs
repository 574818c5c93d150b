using System.Security.Claims;
using System.Text.Json;
using Enclave;
using Enclave.Samples;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
// Enough for a script and its arguments.
builder.WebHost.ConfigureKestrel((kestrel) => kestrel.Limits.MaxRequestBodySize = 256 * 1024);
builder.Services.AddSingleton<OrderStore>();
builder.Services.AddEnclave(builder.Configuration.GetSection("Enclave")).AddTool<ListOrders>().AddHealthCheck();
builder.Services.AddTelemetry(builder.Configuration.GetSection("Telemetry"));
// Put your own scheme here, for example JWT bearer. The endpoint only needs the claim "tenant".
builder.Services.AddAuthentication(TenantHeader.SchemeName)
    .AddScheme<AuthenticationSchemeOptions, TenantHeader>(TenantHeader.SchemeName, configureOptions: null);
builder.Services.AddAuthorization();

WebApplication app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapHealthChecks("/health", new HealthCheckOptions { Predicate = (check) => check.Tags.Contains("ready") });
app.MapPost("/run", RunAsync).RequireAuthorization();
await app.RunAsync();

static async Task<IResult> RunAsync(RunRequest request, IEnclave enclave, ClaimsPrincipal user, CancellationToken aborted)
{
    if (string.IsNullOrWhiteSpace(request.Code)) return Results.BadRequest(new { error = "code is missing" });
    var options = new RunOptions
    {
        // Tenants share queue and workers fairly. A tool sees the tenant of the run that it serves.
        Tenant = user.FindFirstValue("tenant"),
        Globals = new Dictionary<string, object?> { ["args"] = request.Args },
    };
    ExecutionResult result = await enclave.RunAsync(request.Code, options, aborted);
    return Results.Text(result.ToJsonString(), "application/json", statusCode: StatusOf(result.Error?.Code));
}

// The status tells if the script failed, or if the server is busy or broken.
static int StatusOf(ErrorCode? code) => code switch
{
    null => StatusCodes.Status200OK,
    ErrorCode.ValidationError or ErrorCode.ScoringBlocked => StatusCodes.Status400BadRequest,
    ErrorCode.QueueFull or ErrorCode.QueueTimeout or ErrorCode.PoolDisposed or ErrorCode.IsolationUnavailable or ErrorCode.WorkerCrashed =>
        StatusCodes.Status503ServiceUnavailable,
    _ => StatusCodes.Status422UnprocessableEntity,
};

/// <summary>The body of a request.</summary>
internal sealed record RunRequest(string? Code, JsonElement? Args);
