using Enclave.Client;
using Enclave.Runtime;

// A runtime, a broker over it, and a client: each from its package.
await using RuntimeWorker runtime =
    RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions { Port = 0, SecurityLevel = Enclave.SecurityLevel.Standard });
await runtime.StartAsync();

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddEnclaveBrokerOverRuntimes(runtimes => runtimes.Runtimes.Add(runtime.Address!));
await using WebApplication app = builder.Build();
app.MapEnclaveBroker().AllowAnonymous();
await app.StartAsync();

await using var client = new EnclaveClient(new Uri(app.Urls.Single()));
SessionResult result = await client.ExecuteAsync("return 6 * 7");
Console.WriteLine($"the answer is {result.Value} {result.Error?.Message}");
