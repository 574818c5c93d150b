using System.Net.Http.Json;
using System.Text.Json;
using Enclave.Host.Tests.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/hosting.md that answers over HTTP.</summary>
public sealed class WebJsonSample
{
    [Fact]
    public async Task A_result_and_events_over_HTTP()
    {
        await using WebApp web = await WebApp.Open((app) =>
        {
            // sample
            app.MapPost("/run", async (string code, IEnclave enclave, CancellationToken aborted) => TypedResults.Ok(
                await enclave.RunAsync(code, cancellationToken: aborted)));
            app.MapPost("/events", (string code, IEnclave enclave) => TypedResults.ServerSentEvents(enclave.StreamAsync(code)));
            // end
        });

        HttpResponseMessage run = await web.Client.PostAsync("/run?code=return+6*7", null),
            events = await web.Client.PostAsync("/events?code=return+6*7", null);

        Assert.Equal(42, (await run.Content.ReadFromJsonAsync<ExecutionResult>())!.Value.AsInt32());
        string last = (await events.Content.ReadAsStringAsync()).Trim().Split('\n')[^1];
        Assert.Equal("finished", JsonDocument.Parse(last["data: ".Length..]).RootElement.GetProperty("type").GetString());
    }
}
