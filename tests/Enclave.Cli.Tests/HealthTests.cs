using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave health</c>, as a container engine calls it.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_runtime_that_runs_is_well()
    {
        await using CliProcess runtime = CliProcess.Start(["runtime", "--port", "0", "--json"]);
        var address = new Uri(JsonElement.Parse(await runtime.NextLineAsync("the start")).GetProperty("listening").GetString()!);

        CliResult result = await CliProcess.RunAsync("health", $"http://127.0.0.1:{address.Port}/health");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("ok", JsonElement.Parse(result.Output).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_broker_that_runs_is_well()
    {
        await using CliProcess broker = CliProcess.Start(["serve", "--port", "0", "--json"]);
        string address = JsonElement.Parse(await broker.NextLineAsync("the start")).GetProperty("listening").GetString()!;

        CliResult result = await CliProcess.RunAsync("health", $"{address}/health");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("ok", JsonElement.Parse(result.Output).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_broker_whose_runtimes_are_away_is_alive_and_not_well()
    {
        // An unused port: its listener is closed again.
        string nobody;
        using (var server = new Answering(null)) nobody = new Uri(server.Address).Authority;
        await using CliProcess broker = CliProcess.Start(["serve", "--port", "0", "--json", "--runtime", $"ws://{nobody}/ws"]);
        string address = JsonElement.Parse(await broker.NextLineAsync("the start")).GetProperty("listening").GetString()!;

        CliResult health = await CliProcess.RunAsync("health", $"{address}/health", "--json"), ready = await CliProcess.RunAsync("health",
            $"{address}/health/ready"), live = await CliProcess.RunAsync("health", $"{address}/health/live", "--json");

        Assert.Equal((1, 1, 0), (health.ExitCode, ready.ExitCode, live.ExitCode));
        JsonElement said = JsonElement.Parse(health.Output), lives = JsonElement.Parse(live.Output);
        Assert.Equal((false, 503, "unavailable"),
            (said.GetProperty("well").GetBoolean(), said.GetProperty("status").GetInt32(), said.GetProperty("answer").GetProperty("status").GetString()));
        Assert.Contains("answers 503", said.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((true, 200, "live"),
            (lives.GetProperty("well").GetBoolean(), lives.GetProperty("status").GetInt32(), lives.GetProperty("answer").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task As_JSON_no_answer_is_told_as_well()
    {
        string address;
        using (var server = new Answering(null)) address = server.Address;

        CliResult result = await CliProcess.RunAsync("health", address, "--json");

        JsonElement said = JsonElement.Parse(result.Output);
        Assert.Equal((1, "", false, JsonValueKind.Null, JsonValueKind.Null),
            (result.ExitCode, result.Error, said.GetProperty("well").GetBoolean(), said.GetProperty("status").ValueKind, said.GetProperty("answer").ValueKind));
        Assert.Contains("does not answer", said.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 21\r\n\r\n{\"status\":\"stopping\"}", "answers 503: {\"status\":\"stopping\"}")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "answers 302\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "answers 204\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", "does not answer: ")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "does not answer: ")]
    [InlineData("", "does not answer")]
    public async Task Any_other_answer_is_not(string answer, string words)
    {
        using var server = new Answering(answer);

        CliResult result = await CliProcess.RunAsync("health", server.Address);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"enclave: {server.Address} ", result.Error, StringComparison.Ordinal);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_too_long_is_not_well()
    {
        using var server = new Answering(null);

        CliResult result = await CliProcess.RunAsync("health", server.Address, "--timeout", "200ms");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"enclave: {server.Address} does not answer within 200 ms\n", result.Error);
    }

    [Fact]
    public async Task Nobody_there_is_not_well()
    {
        string address;
        using (var server = new Answering(null)) address = server.Address;

        Assert.Equal(1, (await CliProcess.RunAsync("health", address)).ExitCode);
    }

    [Theory]
    [InlineData("URL is", "127.0.0.1:3001")]
    [InlineData("URL is", "file:///etc/passwd")]
    [InlineData("--timeout is", "http://127.0.0.1/", "--timeout", "0")]
    [InlineData("--timeout is", "http://127.0.0.1/", "--timeout", "6m")]
    [InlineData("enclave health --help")]
    public async Task A_wrong_call_is_refused(string words, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(["health", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    /// <summary>Answers every connection with the same text, or not at all.</summary>
    private sealed class Answering : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Answering(string? answer)
        {
            _listener.Start();
            _ = AnswerAsync(answer);
        }

        public string Address => $"http://{_listener.LocalEndpoint}/health";

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync(string? answer)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                // Reads the whole request first: closing with unread bytes would reset the connection.
                await stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
                if (answer is null) await stream.ReadAtLeastAsync(new byte[4096], 4096, throwOnEndOfStream: false);
                else await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
            catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }
}
