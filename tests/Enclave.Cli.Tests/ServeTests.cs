using System.Net;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave serve</c>.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task It_runs_scripts_for_who_is_on_this_machine()
    {
        await using Served served = await Served.Start("--tool", "n=echo 41");

        (HttpStatusCode status, string text) = await served.Post("return await callTool('n') + 1");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"result\":42", text, StringComparison.Ordinal);
        Assert.Equal(0, served.Line.GetProperty("tokens").GetInt32());
    }

    [Fact]
    public async Task B1_With_tokens_nobody_else_comes_in()
    {
        using var folder = new TemporaryFolder();
        await using Served served = await Served.Start(
            "--token-file", folder.File("tokens", "# clients\nalice a-token-that-is-long\nbob acme another-token-that-is-long\n"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await served.Post("return 1")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.Post("return 1", "a-token-that-is-wrong")).Status);
        Assert.Equal(HttpStatusCode.OK, (await served.Post("return 1", "a-token-that-is-long")).Status);
        Assert.Equal(2, served.Line.GetProperty("tokens").GetInt32());
    }

    [Fact]
    public async Task An_operators_token_opens_the_fleet_and_a_clients_does_not()
    {
        using var folder = new TemporaryFolder();
        await using Served served = await Served.Start("--token-file", folder.File("tokens", "alice a-token-that-is-long\n"),
            "--operator-token-file", folder.File("operators", "# who watches\nops a-token-of-an-operator\n"));
        using var http = new HttpClient { BaseAddress = new Uri(served.Line.GetProperty("listening").GetString()!) };

        Assert.Equal(HttpStatusCode.Unauthorized, await Status(null));
        Assert.Equal(HttpStatusCode.Forbidden, await Status("a-token-that-is-long"));
        Assert.Equal(HttpStatusCode.OK, await Status("a-token-of-an-operator"));
        Assert.Equal(HttpStatusCode.OK, (await served.Post("return 1", "a-token-of-an-operator")).Status);

        async Task<HttpStatusCode> Status(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/fleet");
            if (token is not null) request.Headers.Authorization = new("Bearer", token);
            using HttpResponseMessage response = await http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Operators_without_clients_tokens_are_a_mistake()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("serve", "--port", "0", "--operator-token-file", folder.File("operators", "a-token-of-an-operator\n"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--token-file", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-of-an-operator", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A page whose host name leads to 127.0.0.1 after it was loaded (DNS rebinding): the browser sends the page's host name.</summary>
    [Fact]
    public async Task B3_A_name_that_only_leads_here_is_refused()
    {
        await using Served served = await Served.Start("--metrics-port", "0");
        using var http = new HttpClient { BaseAddress = new Uri(served.Line.GetProperty("listening").GetString()!) };
        string metrics = served.Line.GetProperty("metrics").GetString()!;

        foreach (string host in (string[])[
            "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:3000", "0.0.0.0", "2130706433", "[::]", "localhost."])
        {
            Assert.Equal((host, HttpStatusCode.BadRequest), (host, (await served.Post("return 1", host: host)).Status));
            foreach (string path in (string[])["/", "/health", "/fleet", "/code/actions", "/sessions", metrics])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Host = host;
                using HttpResponseMessage response = await http.SendAsync(request);
                Assert.Equal((host, path, HttpStatusCode.BadRequest), (host, path, response.StatusCode));
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await served.Post("return 1", host: "localhost:3000")).Status);
    }

    [Fact]
    public async Task B3_A_request_without_a_name_is_refused()
    {
        await using Served served = await Served.Start();
        var address = new Uri(served.Line.GetProperty("listening").GetString()!);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        await client.GetStream().WriteAsync("GET /health HTTP/1.0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());

        Assert.StartsWith("HTTP/1.1 400", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B3_A_commands_environment_has_no_secret_of_the_broker()
    {
        using var folder = new TemporaryFolder();
        (string, string)[] variables =
            [("ENCLAVE_TOKEN", "a-token-that-is-long"), ("ENCLAVE_OPERATOR_TOKEN", "a-token-of-an-operator"), ("ENCLAVE_SECRET_X", "a-secret-that-is-long")];
        await using Served served = await Served.Start(["--tool", "env=env"], variables);

        (HttpStatusCode status, string text) = await served.Post("return await callTool('env')", "a-token-that-is-long");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("PATH=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ENCLAVE_", text, StringComparison.Ordinal);
        Assert.DoesNotContain("that-is-long", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve", "--port")]
    [InlineData("serve", "--metrics-port")]
    [InlineData("runtime", "--port")]
    [InlineData("runtime", "--metrics-port")]
    public async Task A_taken_port_is_told_in_one_line(string command, string option)
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = $"{((IPEndPoint)taken.LocalEndpoint).Port}";

        CliResult result = await CliProcess.RunAsync([command, .. option == "--port" ? (string[])[] : ["--port", "0"], option, port]);

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("is in use", line, StringComparison.Ordinal);
        Assert.Contains(port, line, StringComparison.Ordinal);
        Assert.True(line.Length < 250, line);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync(
            "serve", "--port", "0", "--host", "192.0.2.1", "--token-file", folder.File("tokens", "a-token-that-is-long\n"));

        Assert.Equal(5, result.ExitCode);
        Assert.Contains(
            "it is not an address of this machine", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_runtimes_their_level_counts_and_none_is_told()
    {
        await using Served served = await Served.Start("--runtime", "ws://127.0.0.1:1");

        Assert.False(served.Line.TryGetProperty("level", out _));

        await using CliProcess cli = CliProcess.Start(["serve", "--port", "0", "--runtime", "ws://127.0.0.1:1"]);
        string line = await cli.NextLineAsync("the line that tells where it listens");
        Assert.Contains(" over runtimes, at their levels, without tokens", line, StringComparison.Ordinal);
        Assert.DoesNotContain("STANDARD", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B9_A_log_is_json_line_by_line_without_scripts_and_tokens()
    {
        using var folder = new TemporaryFolder();
        await using Served served = await Served.Start("--debug", "--token-file", folder.File("tokens", "a-token-that-is-long\n"));
        await served.Post("console.log('secret-in-script'); throw new Error('line one\\nline two \\u001b[31m')", "a-token-that-is-long");

        CliResult result = await served.StopAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), (line) => Assert.Equal(
            JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.DoesNotContain("a-token-that-is-long", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-in-script", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_ends_it_and_its_sessions_with_their_last_event()
    {
        await using Served served = await Served.Start("--tool", "wait=sleep 60");
        Task<(HttpStatusCode, string Text)> running = served.Post("return await callTool('wait')", started: out Task begun);
        await begun;

        CliResult result = await served.StopAsync();

        Assert.Contains("\"SESSION_CANCELLED\"", (await running).Text, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task The_demo_has_its_page_its_tools_and_its_figures()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(CliProcess.Root, "artifacts", "demo", "index.html")), "artifacts/demo is not there: ./test.sh builds it");
        using var folder = new TemporaryFolder();
        await using Served served = await Served.Start("--demo", "--store", Path.Combine(folder.Path, "runs"));

        using HttpResponseMessage page = await served.Get("/");
        (_, string text) = await served.Post("return (await callTool('orders:list', { status: 'open' })).length");
        using HttpResponseMessage figures = await served.Get("/demo/pool");
        using HttpResponseMessage fleetPage = await served.Get("/fleet.html"), fleet = await served.Get("/fleet");
        using HttpResponseMessage runsPage = await served.Get("/runs.html"), runs = await served.Get("/runs");
        using HttpResponseMessage elsewhere = await served.Get("/../Enclave.Cli.dll");

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("\"result\":4", text, StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse(await figures.Content.ReadAsStringAsync()).RootElement.GetProperty("codes").GetProperty("OK").GetInt32());
        Assert.Equal("text/html", fleetPage.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, JsonDocument.Parse(await fleet.Content.ReadAsStringAsync()).RootElement.GetProperty("brokers").GetArrayLength());
        Assert.Equal("text/html", runsPage.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, JsonDocument.Parse(await runs.Content.ReadAsStringAsync()).RootElement.GetProperty("runs").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task B1_With_tokens_the_demo_page_is_open_and_what_it_shows_is_not()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(CliProcess.Root, "artifacts", "demo", "index.html")), "artifacts/demo is not there: ./test.sh builds it");
        using var folder = new TemporaryFolder();
        await using Served served = await Served.Start("--demo", "--token-file", folder.File("tokens", "a-token-that-is-long\n"));

        using HttpResponseMessage page = await served.Get("/"), figures = await served.Get("/demo/pool");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (page.StatusCode, figures.StatusCode));
    }

    [Theory]
    [InlineData("--host 0.0.0.0", "--token-file")]
    [InlineData("--host *", "--token-file")]
    [InlineData("--host nowhere", "an IP address")]
    [InlineData("--token-file /does/not/exist", "--token-file")]
    [InlineData("--runtime http://127.0.0.1:1", "ws://")]
    [InlineData("--allow-origin what", "AllowedOrigins")]
    [InlineData("--tool 1=true", "--tool 1: ")]
    [InlineData("--demo --tool orders:list=true", "--tool orders:list: ")]
    [InlineData("--openapi shop=http://127.0.0.1:1/ --tool shop:list=true", "those of a service")]
    public async Task A_wrong_call_is_refused_with_its_remedy(string options, string words)
    {
        CliResult result = await CliProcess.RunAsync(["serve", "--port", "0", .. options.Split(' ')]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_cannot_run_scripts_is_found_out_at_the_start()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("", ["serve", "--port", "0", "--level", "strict"], CliProcess.WithoutBubblewrap(folder));

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.Contains("enclave: STRICT needs what this machine does not give: ", result.Error, StringComparison.Ordinal);
    }
}
