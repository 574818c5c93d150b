using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Tests;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Processes;

/// <summary>Durable sessions of <c>enclave serve</c> on one database, whose brokers are killed again and again. Clients go to whichever answers.</summary>
public sealed class DurableServeTests(PostgresServer server)
{
    private const int Brokers = 3, Calls = 6, LeastKills = 2;

    private static readonly string s_script = $$"""
        const made = [];
        for (let i = 0; i < {{Calls}}; i++) {
            made.push(await callTool('note', { call: job + ':' + i }).then(() => 'ok', (failed) => failed.code));
            console.log(job, i);
            if (i === 2) await sleep(300);
        }
        return made;
        """;

    [Fact]
    public async Task Every_session_ends_once_with_the_events_that_were_seen_and_no_call_twice()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("enclave-durable-");
        try
        {
            (string store, string ledger) = (Path.Combine(folder.FullName, "store"), Path.Combine(folder.FullName, "ledger"));
            await File.WriteAllTextAsync(store, database.Broker + "\n");
            await File.WriteAllTextAsync(ledger, "");
            CliServer[] brokers = await Task.WhenAll(Enumerable.Range(0, Brokers).Select((_) => Serve(store, ledger)));
            int kills = 0;
            try
            {
                var addresses = new Addresses([.. brokers.Select((broker) => broker.Address)]);
                int lanes = TestSize.Of(8, 200);
                // On a slow machine every session may end while one broker starts: each lane opens another until enough were killed.
                Task<List<Seen>>[] sessions = [.. Enumerable.Range(0, lanes).Select(async (lane) =>
                {
                    var followed = new List<Seen>();
                    for (int job = lane; job == lane || Volatile.Read(ref kills) < LeastKills; job += lanes)
                        followed.Add(await FollowAsync(addresses, job));
                    return followed;
                })];
                Task all = Task.WhenAll(sessions);
                for (var random = new Random(41); !all.IsCompleted && kills < TestSize.Of(LeastKills, 60); Interlocked.Increment(ref kills))
                {
                    int next = random.Next(Brokers);
                    // Between two kills a session finishes, or two have made some calls.
                    int notes = Notes(ledger) + random.Next(1, 6);
                    await Within.Becomes(() => all.IsCompleted || Notes(ledger) >= notes, "calls are made", TimeSpan.FromMinutes(1));
                    brokers[next].Kill();
                    await brokers[next].DisposeAsync();
                    brokers[next] = await Serve(store, ledger);
                    addresses.Replace(next, brokers[next].Address);
                }

                List<Seen>[] seen = await Within.Deadline(Task.WhenAll(sessions), "end of every session", TimeSpan.FromMinutes(5));
                await CheckAsync(addresses, [.. seen.SelectMany((lane) => lane)], await File.ReadAllLinesAsync(ledger), kills);
            }
            finally
            {
                foreach (CliServer broker in brokers) await broker.DisposeAsync();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CheckAsync(Addresses addresses, Seen[] seen, string[] ledger, int kills)
    {
        int unknown = 0;
        using HttpClient http = Client();
        foreach ((int job, string[] lines) in seen)
        {
            JsonElement[] events = [.. lines.Select((line) => JsonElement.Parse(line))];
            Assert.Equal(Enumerable.Range(1, events.Length), events.Select((happened) => happened.GetProperty("seq").GetInt32()));
            Assert.Equal(1, events.Count((happened) => happened.Type() == "final"));
            Assert.Equal(Calls, events.Count((happened) => happened.Type() == "stdout"));
            string[] made = [.. events.Final().GetProperty("result").EnumerateArray().Select((one) => one.GetString()!)];
            // What a client has seen piece by piece is what any broker tells today.
            string whole = await Within.Deadline(http.GetStringAsync(new Uri(addresses.Next(job), $"/sessions/s_{job}/stream")), "the events of a session");
            Assert.Equal(lines, whole.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            for (int call = 0; call < Calls; call++)
            {
                int times = ledger.Count((line) => line == $$"""{"call":"s_{{job}}:{{call}}"}""");
                Assert.InRange(times, made[call] == "ok" ? 1 : 0, 1);
                if (made[call] == "ok") continue;
                Assert.Equal("TOOL_OUTCOME_UNKNOWN", made[call]);
                unknown++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{seen.Length} durable sessions, {kills} kills of brokers, {unknown} unknown outcomes");
        Assert.True(kills >= LeastKills, $"{kills} kills");
    }

    /// <summary>Opens a session and reads it to its end, at one broker after another.</summary>
    private static async Task<Seen> FollowAsync(Addresses addresses, int job)
    {
        using HttpClient http = Client();
        var lines = new List<string>();
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            try
            {
                // A repeated request finds the session that is there.
                using HttpRequestMessage request = lines.Count == 0
                    ? new HttpRequestMessage(HttpMethod.Post, new Uri(addresses.Next(job + attempt), "/sessions"))
                    {
                        Content = JsonContent.Create(new { durable = true, sessionId = $"s_{job}", code = s_script, context = new { job = $"s_{job}" } }),
                    }
                    : new HttpRequestMessage(HttpMethod.Get, new Uri(addresses.Next(job + attempt), $"/sessions/s_{job}/stream?fromSeq={lines.Count + 1}"));
                using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                if (response.StatusCode != HttpStatusCode.OK) continue;
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
                while (await reader.ReadLineAsync() is { } line)
                {
                    JsonElement happened = JsonElement.Parse(line);
                    if (happened.Type() == "heartbeat") continue;
                    lines.Add(line);
                    if (happened.Type() == "final") return new(job, [.. lines]);
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or JsonException)
            {
                // Its broker was killed.
            }
        }

        throw new InvalidOperationException($"s_{job} did not end; it has {lines.Count} events");
    }

    private static int Notes(string ledger) => File.ReadLines(ledger).Count();

    private static HttpClient Client() =>
        new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromMinutes(2) };

    private static Task<CliServer> Serve(string store, string ledger) => CliServer.Broker(
        0, "--store-file", store, "--workers", "4", "--tool", $"note=read -r call; echo \"$call\" >> {ledger}; sleep 0.05; echo 1");

    /// <summary>The events of one session, as its client met them.</summary>
    private sealed record Seen(int Job, string[] Lines);

    /// <summary>Where the brokers are now.</summary>
    private sealed class Addresses(Uri[] now)
    {
        private readonly Lock _gate = new();

        public Uri Next(int number)
        {
            lock (_gate) return now[number % now.Length];
        }

        public void Replace(int broker, Uri address)
        {
            lock (_gate) now[broker] = address;
        }
    }
}
