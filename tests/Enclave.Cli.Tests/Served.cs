using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>A running broker and its first line.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly CliProcess _cli;
    private readonly HttpClient _http;

    private Served(CliProcess cli, JsonElement line)
    {
        (_cli, Line) = (cli, line);
        _http = new HttpClient { BaseAddress = new Uri(line.GetProperty("listening").GetString()!) };
    }

    public JsonElement Line { get; }

    public static Task<Served> Start(params string[] options) => Start(options, []);

    public static async Task<Served> Start(string[] options, (string Name, string Value)[] environment)
    {
        CliProcess cli = CliProcess.Start(["serve", "--port", "0", "--json", .. options], environment);
        return new Served(cli, JsonDocument.Parse(await cli.NextLineAsync("the line that tells where it listens")).RootElement);
    }

    public Task<HttpResponseMessage> Get(string path) => _http.GetAsync(path);

    /// <summary>The answer with its headers.</summary>
    public Task<HttpResponseMessage> PostRaw(string code, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { code }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return _http.SendAsync(request);
    }

    public Task<(HttpStatusCode Status, string Text)> Post(string code, string? token = null, string? host = null) => Post(code, out _, token, host);

    /// <param name="started">Completes with the first event.</param>
    public Task<(HttpStatusCode Status, string Text)> Post(string code, out Task started, string? token = null, string? host = null)
    {
        var begun = new TaskCompletionSource();
        started = begun.Task;
        return Read();

        async Task<(HttpStatusCode, string)> Read()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/sessions")
            {
                Content = new StringContent(JsonSerializer.Serialize(new { code }), Encoding.UTF8, "application/json"),
            };
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (host is not null) request.Headers.Host = host;
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            string first = await reader.ReadLineAsync() ?? "";
            begun.TrySetResult();
            return (response.StatusCode, first + "\n" + await reader.ReadToEndAsync());
        }
    }

    public Task<CliResult> StopAsync()
    {
        _cli.Signal(15);
        return _cli.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cli.DisposeAsync();
    }
}
