using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
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
            app.MapPost("/events", (string code, IEnclave enclave) => TypedResults.ServerSentEvents(
                enclave.StreamAsync(code).Select((happened) => new SseItem<ExecutionEvent>(happened, happened.Type) { EventId = $"{happened.Sequence}" })));
            // end
        });

        HttpResponseMessage run = await web.Client.PostAsync("/run?code=return+6*7", null),
            events = await web.Client.PostAsync("/events?code=return+6*7", null);

        Assert.Equal(42, (await run.Content.ReadFromJsonAsync<ExecutionResult>())!.Value.AsInt32());
        string[] last = (await events.Content.ReadAsStringAsync()).Trim().Split('\n')[^3..];
        Assert.Equal("event: finished", last[0]);
        JsonElement finished = JsonDocument.Parse(last[1]["data: ".Length..]).RootElement;
        Assert.Equal("finished", finished.GetProperty("type").GetString());
        Assert.Equal($"id: {finished.GetProperty("seq")}", last[2]);
    }

    [Fact]
    public async Task A_reader_comes_back_to_a_session()
    {
        await using WebApp web = await WebApp.Open((app) =>
        {
            // sample
            var sessions = new ConcurrentDictionary<string, ExecutionSession>();
            app.MapPost("/sessions", (string code, IEnclave enclave) =>
            {
                ExecutionSession session = enclave.OpenSession(code);
                sessions[session.Id] = session;
                return TypedResults.Text(session.Id);
            });
            app.MapGet("/sessions/{id}", (string id, HttpRequest request) =>
            {
                long from = long.TryParse(request.Headers["Last-Event-ID"], out long last) ? last + 1 : 1;
                return TypedResults.ServerSentEvents(sessions[id].Events(from)
                    .Select((happened) => new SseItem<ExecutionEvent>(happened, happened.Type) { EventId = $"{happened.Sequence}" }));
            });
            // end
        });
        string id = await (await web.Client.PostAsync("/sessions?code=console.log('a');return+6*7", null)).Content.ReadAsStringAsync();
        string[] all = Ids(await web.Client.GetStringAsync($"/sessions/{id}"));
        var request = new HttpRequestMessage(HttpMethod.Get, $"/sessions/{id}");
        request.Headers.Add("Last-Event-ID", "1");

        string[] rest = Ids(await (await web.Client.SendAsync(request)).Content.ReadAsStringAsync());

        Assert.Equal("1", all[0]);
        Assert.Equal(all[1..], rest);

        static string[] Ids(string text) =>
            [.. text.Split('\n').Where((line) => line.StartsWith("id: ", StringComparison.Ordinal)).Select((line) => line["id: ".Length..])];
    }
}
