using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Cluster.Tests.Command;

/// <summary>The cluster as a process, and its first line.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private const string Postgres = "/usr/lib/postgresql", Rabbit = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    /// <summary>Two servers must start, then brokers and runtimes, on a machine that runs other tests.</summary>
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(8);

    private readonly CliProcess _cli;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(5) };

    private RunningCluster(CliProcess cli, JsonElement ready) => (_cli, Ready) = (cli, ready);

    public static string? Missing { get; } = !Directory.Exists(Postgres)
        ? "postgresql is not installed: apt-get install -y postgresql"
        : !File.Exists(Rabbit) ? "rabbitmq-server is not installed: apt-get install -y rabbitmq-server" : null;

    public static bool HasClocks { get; } = File.Exists("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

    public JsonElement Ready { get; }

    public CliProcess Process => _cli;

    public Uri Proxy => new(Ready.GetProperty("proxy").GetString()!);

    public Uri Control => new(Ready.GetProperty("control").GetString()!);

    public string Token => Ready.GetProperty("tokens").GetProperty("tenant-01").GetString()!;

    /// <summary>The folders that it has created: one for the store's socket, and one for everything else.</summary>
    public string StoreFolder => new NpgsqlConnectionStringBuilder(Ready.GetProperty("store").GetProperty("owner").GetString()).Host!;

    public static async Task<RunningCluster> StartAsync(params string[] options)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        CliProcess cli = CliProcess.Start(["--level", "standard", "--json", .. options]);
        cli.Patience = s_start;
        try
        {
            return new RunningCluster(cli, JsonElement.Parse(await cli.NextLineAsync("the cluster's first line")));
        }
        catch
        {
            await cli.DisposeAsync();
            throw;
        }
    }

    public Task<JsonElement> Part(string name) => Find("/parts", name);

    public Task<JsonElement> Link(string name) => Find("/links", name);

    public async Task<string> State(string part) => (await Part(part)).GetProperty("state").GetString()!;

    public async Task<int> Pid(string part) => (await Part(part)).GetProperty("pid").GetInt32();

    public async Task<Uri> Address(string part) => new((await Part(part)).GetProperty("address").GetString()!);

    /// <summary>Requests a fault that must be granted.</summary>
    public async Task<JsonElement> Do(string path, object? body = null)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {answer}");
        return answer;
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> Ask(HttpMethod method, string path, object? body = null) =>
        Ask(method, path, body is null ? null : JsonSerializer.Serialize(body), Ready.GetProperty("controlToken").GetString());

    public async Task<(HttpStatusCode Status, JsonElement Answer)> Ask(HttpMethod method, string path, string? body, string? token, string? host = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Control, path))
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (host is not null) request.Headers.Host = host;
        using HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length > 0 ? JsonElement.Parse(text) : default);
    }

    /// <summary>Runs a script at a broker or at the proxy, to its last event.</summary>
    public async Task<(HttpStatusCode Status, JsonElement[] Events)> Run(Uri at, string code, string? id = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(at, "/sessions"))
        {
            Content = new StringContent(
            JsonSerializer.Serialize(id is null ? new { code } : new { code, sessionId = id } as object), Encoding.UTF8, "application/json")
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonElement.Parse(line))]);
    }

    public async Task<HttpStatusCode?> Health(string part)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(await Address(part), "/health"), patience.Token);
            return response.StatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    public Task HealthBecomes(string part, HttpStatusCode? expected) =>
        Within.Becomes(() => Health(part).Result == expected, $"the health of {part} was {expected?.ToString() ?? "not told"}", () => $"{Health(part).Result}");

    /// <summary>Waits until all brokers and runtimes report that they are ready: the test before may have repaired something.</summary>
    public async Task IsWhole()
    {
        JsonElement[] ill = [];
        await Within.Becomes(() => (ill = Ill().Result).Length == 0, "all parts were well", () => string.Join(", ", ill));
    }

    public async Task<T> Stored<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Ready.GetProperty("store").GetProperty("owner").GetString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The pids of all processes with this cluster's mark in their environment.</summary>
    public static int[] Marked(string mark) => [.. Directory.GetDirectories("/proc")
        .Select((path) => Path.GetFileName(path)).Where((name) => int.TryParse(name, out _) && Environment(name).Contains(mark)).Select(int.Parse)];

    /// <summary>The mark in the environment of all its processes, read from one of them.</summary>
    public async Task<string> Mark() =>
        Environment($"{await Pid("broker-1")}").Single((variable) => variable.StartsWith("ENCLAVE_CLUSTER=", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_cli.Runs)
        {
            // With a signal, so that PostgreSQL frees its shared memory.
            _cli.Signal(15);
            await _cli.EndAsync();
        }

        await _cli.DisposeAsync();
    }

    private async Task<JsonElement[]> Ill()
    {
        (_, JsonElement parts) = await Ask(HttpMethod.Get, "/parts");
        return [.. parts.EnumerateArray()
            .Where((part) => part.GetProperty("address").ValueKind == JsonValueKind.String && part.GetProperty("health").ToString() != "200")];
    }

    private async Task<JsonElement> Find(string path, string name)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.EnumerateArray().Single((one) => one.GetProperty("name").GetString() == name);
    }

    private static string[] Environment(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
