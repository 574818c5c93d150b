using System.Net.Http.Json;
using System.Text.Json;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Tests;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Processes;

/// <summary><c>enclave serve</c> with a store, killed and restarted again and again while eight clients use it. There is no other broker.</summary>
public sealed class KilledServeTests(PostgresServer server)
{
    private const int Clients = 8;

    private static readonly string[] s_scripts =
    [
        "return 1 + 1",
        "for (let i = 0; i < 50; i++) console.log('line ' + i); return 'done'",
        "await callTool('echo', { a: 1 }); console.log('between'); return await callTool('echo', { b: 2 })",
    ];

    [Fact]
    public async Task Events_that_clients_have_seen_are_kept_and_every_session_ends_once()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("enclave-killed-");
        try
        {
            string store = Path.Combine(folder.FullName, "store");
            await File.WriteAllTextAsync(store, database.Broker + "\n");
            var seen = new List<string[]>();
            for (int round = 0; round < TestSize.Of(3, 20); round++)
            {
                await using CliServer serve = await Serve(store);
                using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 100 })
                {
                    BaseAddress = serve.Address,
                    Timeout = Timeout.InfiniteTimeSpan,
                };
                int answers = 0;
                Task<List<string[]>>[] clients =
                    [.. Enumerable.Range(0, Clients).Select((client) => RunUntilGoneAsync(http, client, () => Interlocked.Increment(ref answers)))];
                await Within.Becomes(() => Volatile.Read(ref answers) > 20 + (7 * round), "the clients have had answers", () => $"{answers} answers");
                serve.Kill();
                foreach (List<string[]> sessions in await Within.Deadline(Task.WhenAll(clients), "end of every client")) seen.AddRange(sessions);
            }

            await using CliServer last = await Serve(store);
            await Within.Becomes(
                () => database.ScalarAsync<long>("SELECT count(*) FROM enclave.session WHERE ended_at IS NULL").Result == 0, "all sessions had their end");
            Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM (SELECT session FROM enclave.event GROUP BY session HAVING count(*) <> " +
                "max(seq) OR min(seq) <> 1 OR count(*) FILTER (WHERE type = 'final') <> 1) gaps"));
            using var reader = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = last.Address };
            int cut = 0;
            foreach (string[] lines in seen.Where((lines) => lines.Length > 0))
            {
                string id = JsonElement.Parse(lines[0]).GetProperty("sessionId").GetString()!;
                string[] kept = (await Within.Deadline(reader.GetStringAsync($"/sessions/{id}/stream"), "the events of a session"))
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries);

                // Every line that a client has seen is stored, and is the same.
                Assert.Equal(lines, kept.Take(lines.Length));
                if (lines.Length == kept.Length) continue;
                cut++;
                if (!JsonElement.Parse(kept[^1]).GetProperty("payload").GetProperty("ok").GetBoolean())
                    Assert.Equal("BROKER_LOST", JsonElement.Parse(kept[^1]).GetProperty("payload").ErrorCode());
            }

            Assert.True(cut > 0 && seen.Count > 20, $"{cut} of {seen.Count} sessions were cut");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<CliServer> Serve(string store) => CliServer.Broker(0, "--store-file", store, "--workers", "4", "--tool", "echo=cat");

    /// <summary>Runs sessions until the broker is gone. Returns the complete lines of each.</summary>
    private static async Task<List<string[]>> RunUntilGoneAsync(HttpClient http, int client, Action answered)
    {
        var sessions = new List<string[]>();
        for (int n = client; ; n++)
        {
            var lines = new List<string>();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
                {
                    Content = JsonContent.Create(new { code = s_scripts[n % s_scripts.Length] }),
                };
                using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                if (!response.IsSuccessStatusCode) continue;
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
                while (await reader.ReadLineAsync() is { } line) lines.Add(line);
                answered();
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or HttpIOException)
            {
                sessions.Add([.. lines]);
                return sessions;
            }

            sessions.Add([.. lines]);
        }
    }
}
