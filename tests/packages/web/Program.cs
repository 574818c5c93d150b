using Enclave;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddEnclave(options => options.ToolHandler = (name, args, context) => new(name == "answer" ? $"42 for {context.Context}" : null));
WebApplication app = builder.Build();
app.MapGet("/run", async (string tenant, IEnclave enclave) =>
{
    ExecutionResult result = await enclave.RunAsync(
        "const answer = await callTool('answer'); return `the answer is ${answer}`", new RunOptions { Tenant = tenant, Context = tenant });
    return result.Success ? Results.Json(result.Value.AsString()) : Results.Problem(result.Error!.Message, title: result.Error.Code.ToCode());
});
app.Run();
