using Enclave;
using Enclave.Tenants;

const string Ledger = "ledger";
TenantPolicy free = Plan(cpuSeconds: 60, concurrency: 1), paid = Plan(cpuSeconds: 36_000, concurrency: 8);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddEnclave().AddTenants((options) =>
{
    // Your database knows who pays.
    options.Policies = new TenantPolicies { Default = free, Tenants = new Dictionary<string, TenantPolicy> { ["acme"] = paid } };
    options.LedgerFolder = Ledger;
});
WebApplication app = builder.Build();

// Put your own authentication before these: the tenant is your user's, never a parameter.
app.MapPost("/run", async (HttpRequest request, IEnclave enclave, CancellationToken aborted) =>
{
    using var body = new StreamReader(request.Body);
    var run = new RunOptions { Tenant = request.Headers["X-Tenant"], SourceName = "script.js" };
    ExecutionResult result = await enclave.RunAsync(await body.ReadToEndAsync(aborted), run, aborted);
    if (result.Error?.RetryAfter() is { } wait) request.HttpContext.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
    return Results.Text(result.ToJsonString(), "application/json", statusCode: result.Error?.Code switch
    {
        null => 200,
        ErrorCode.QuotaExceeded => 429,
        ErrorCode.TenantSuspended => 403,
        ErrorCode.ShareFull or ErrorCode.QueueFull or ErrorCode.QueueTimeout => 503,
        _ => 422,
    });
});
app.MapPost("/admin/{tenant}/{state}", (string tenant, TenantState state, IEnclaveTenants tenants) => tenants.SetState(tenant, state, by: "admin"));
app.MapPost("/admin/{tenant}/plan/{plan}", (string tenant, string plan, IEnclaveTenants tenants) =>
    tenants.Change(tenant, (policy) => (plan == "paid" ? paid : free) with { State = policy.State }, by: "admin"));
app.MapGet("/admin/{tenant}", (string tenant, IEnclaveTenants tenants) => tenants.ShowAsync(tenant));
app.MapGet("/admin/bill/{month}", (string month) => new LedgerFolder(Ledger).Sum(UsageGroups.Tenant | UsageGroups.Script, month));
app.Run();

static TenantPolicy Plan(decimal cpuSeconds, int concurrency) => new()
{
    Limits = new TenantLimits { Timeout = TimeSpan.FromSeconds(10), CpuTimeout = TimeSpan.FromSeconds(2) },
    Concurrency = concurrency,
    Quotas = [new TenantQuota { Of = QuotaMeasure.CpuSeconds, Kind = QuotaKind.Budget, Value = cpuSeconds, Per = "month", Action = QuotaAction.End }],
};
