using System.Net;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Routes;

/// <summary>A client that answers the tool <c>mine</c>.</summary>
internal static class ClientAnswer
{
    /// <summary>The result of the script when its one call gets this answer; <c>CALL</c> stands for the call's id.</summary>
    public static async Task<string> Give(BrokerApp app, string code, string answer)
    {
        using HttpResponseMessage response = await app.Post($$"""{ "code": {{JsonSerializer.Serialize(code)}}, "tools": ["mine"] }""");
        string id = response.Headers.GetValues("X-Session-ID").Single();
        await Within.Becomes(() =>
            app.Get($"/sessions/{id}").GetAwaiter().GetResult().GetProperty("state").GetString() == "waiting_for_tool", "the session waits for its client");
        using HttpResponseMessage history = await app.Send(HttpMethod.Get, $"/sessions/{id}/stream");
        string call = "c_1";
        using (var lines = new StreamReader(await history.Content.ReadAsStreamAsync()))
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                JsonElement happened = JsonDocument.Parse(line).RootElement;
                if (happened.Type() != "tool_call") continue;
                call = happened.Payload().GetProperty("callId").GetString()!;
                break;
            }
        }

        using HttpResponseMessage taken = await app.Send(
            HttpMethod.Post, $"/sessions/{id}/tool-result", answer.Replace("CALL", call, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        return (await BrokerApp.Events(response)).Final().Value();
    }
}
