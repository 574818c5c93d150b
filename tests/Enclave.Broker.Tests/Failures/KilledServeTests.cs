using System.Net;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Failures;

/// <summary><c>enclave serve</c> that is ended while eight clients use it.</summary>
public sealed class KilledServeTests
{
    private const int Clients = 8;

    /// <summary>The scripts of the clients: short, many events, computing, and waiting for a tool that answers after a minute.</summary>
    private static readonly string[] s_scripts =
    [
        "return 1 + 1",
        "for (let i = 0; i < 50; i++) console.log('line ' + i); return 'done'",
        "let n = 0; for (let i = 0; i < 5000; i++) n += i % 7; return n",
        "return await callTool('wait', {})",
    ];

    [Theory]
    [InlineData(ProcessTable.Kill)]
    [InlineData(ProcessTable.Terminate)]
    public async Task Every_client_has_an_answer_or_an_error_and_nothing_is_left(int signal)
    {
        for (int round = 0; round < TestSize.Of(1, 10); round++)
        {
            int port;
            await using (CliServer serve = await CliServer.Broker(0, "--workers", "4", "--drain-timeout", "1", "--tool", "wait=tail --pid=$PPID -f /dev/null"))
            {
                port = serve.Address.Port;
                using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 100 })
                {
                    BaseAddress = serve.Address,
                    Timeout = Timeout.InfiniteTimeSpan,
                };
                int answers = 0;
                Task<string>[] clients =
                    [.. Enumerable.Range(0, Clients).Select((client) => RunUntilGoneAsync(http, client, () => Interlocked.Increment(ref answers)))];
                await Within.Becomes(() => Volatile.Read(ref answers) > 20 + (7 * round), "the clients have had answers", () => $"{answers} answers");

                ProcessTable.Signal(serve.Pid, signal);

                string[] ends = await Within.Deadline(Task.WhenAll(clients), "end of every client");
                int code = await serve.ExitCode();
                Assert.All(ends, (end) => Assert.Equal("", end));
                if (signal == ProcessTable.Terminate) Assert.Equal(0, code);
                await Within.Becomes(() => ProcessTable.WorkersOf(serve.Pid).Length == 0, "no worker was left");
            }

            // At the same address, at once.
            await using CliServer again = await CliServer.Broker(port);
            using var client = new HttpClient { BaseAddress = again.Address };
            using HttpResponseMessage answer = await client.PostAsync("/sessions", BrokerApp.Json("""{ "code": "return 7" }"""));
            Assert.Equal(7, (await BrokerApp.Events(answer)).Final().GetProperty("result").GetInt32());
        }
    }

    /// <summary>
    /// Runs sessions until the broker is gone. Returns what was wrong with a response that was neither complete nor cut off, or an empty text.
    /// </summary>
    private static async Task<string> RunUntilGoneAsync(HttpClient http, int client, Action answered)
    {
        for (int n = 0; ; n++)
        {
            var lines = new List<string>();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
                {
                    Content = BrokerApp.Json(JsonSerializer.Serialize(new { code = s_scripts[client == Clients - 1 ? 3 : n % 3] })),
                };
                using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
                {
                    string refusal = await response.Content.ReadAsStringAsync();
                    string? why = JsonElement.Parse(refusal).GetProperty("code").GetString();
                    if (why is "SERVICE_UNAVAILABLE") return "";
                    if (why is not "QUEUE_FULL") return $"refused: {refusal}";
                    continue;
                }

                if (response.StatusCode != HttpStatusCode.OK) return $"status {response.StatusCode}";
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
                while (await reader.ReadLineAsync() is { } line) lines.Add(line);
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or HttpIOException)
            {
                // The connection was cut: an error, and not a partial response that looks complete.
                return "";
            }

            // A stream that ended properly has its last event.
            JsonElement last = JsonElement.Parse(lines[^1]);
            if (last.Type() != "final") return $"the stream ended with {lines[^1]}";
            if (!last.GetProperty("payload").GetProperty("ok").GetBoolean())
            {
                string? why = last.GetProperty("payload").GetProperty("error").GetProperty("code").GetString();
                return why == "SESSION_CANCELLED" ? "" : $"it failed: {lines[^1]}";
            }

            answered();
        }
    }
}
