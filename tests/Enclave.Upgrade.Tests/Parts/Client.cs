using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Enclave.Upgrade.Tests;

/// <summary>A client of one owner: opens sessions at the broker that the balancer chooses, and continues at another one when a stream ends early.</summary>
internal sealed class Client(Balancer balancer, string owner)
{
    private static readonly string[] s_comeAgain = ["SERVICE_UNAVAILABLE", "STORE_UNAVAILABLE"];

    public string Owner => owner;

    /// <summary>How often it was asked to retry before a session was opened.</summary>
    public int Refusals { get; private set; }

    /// <summary>How often a stream ended early and was continued elsewhere.</summary>
    public int Resumes { get; private set; }

    /// <summary>Runs a script to its last event and returns its payload. Checks the events' numbers.</summary>
    public async Task<JsonElement> Run(string id, string code, string[]? tools = null, Func<Part, JsonElement, Task>? onEvent = null)
    {
        long next = 1;
        bool isOpen = false;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            Assert.False(deadline.IsCancellationRequested, $"{id} had no last event; {next - 1} came before");
            if (balancer.Next() is not { } broker)
            {
                await Task.Delay(20);
                continue;
            }

            try
            {
                using HttpResponseMessage response = await balancer.Send(
                    broker, isOpen ? Request(HttpMethod.Get, broker, $"/sessions/{id}/stream?fromSeq={next}") : Open(broker, id, code, tools));
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    string body = await response.Content.ReadAsStringAsync();
                    Assert.True(s_comeAgain.Any((known) => body.Contains(known, StringComparison.Ordinal)),
                        $"{(int)response.StatusCode} of {(isOpen ? "reading" : "opening")} {id}: {body}");
                    Refusals++;
                    await Task.Delay(50);
                    continue;
                }

                isOpen = true;
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
                while (await reader.ReadLineAsync(deadline.Token) is { } line)
                {
                    JsonElement happened = JsonElement.Parse(line);
                    Assert.Equal(next++, happened.GetProperty("seq").GetInt64());
                    if (happened.GetProperty("type").GetString() == "final") return happened.GetProperty("payload");
                    if (onEvent is not null) await onEvent(broker, happened);
                }

                Resumes++;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                Resumes++;
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Answers a call of a session, at any broker.</summary>
    public async Task<HttpStatusCode> Answer(Part broker, string id, string call, int value)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, broker, $"/sessions/{id}/tool-result");
        request.Content = new StringContent($$"""{ "callId": "{{call}}", "result": {{value}} }""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await balancer.Http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Reads a session from its beginning, at one broker.</summary>
    public async Task<HttpResponseMessage> Read(Part broker, string id)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, broker, $"/sessions/{id}/stream?fromSeq=1");
        return await balancer.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private HttpRequestMessage Open(Part broker, string id, string code, string[]? tools)
    {
        HttpRequestMessage request = Request(HttpMethod.Post, broker, "/sessions");
        request.Content = new StringContent(JsonSerializer.Serialize(new { sessionId = id, code, tools = tools ?? [] }), Encoding.UTF8, "application/json");
        // A broker that stopped before it answered may have opened the session.
        request.Headers.Add("Idempotency-Key", id);
        return request;
    }

    private HttpRequestMessage Request(HttpMethod method, Part broker, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(broker.Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", string.Concat(Enumerable.Repeat(owner, 4)).PadRight(16, '0'));
        return request;
    }
}
