using System.Text;
using System.Text.Json;
using Enclave.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests;

/// <summary>Programs as models send them, through <c>run_code</c> of <c>enclave mcp</c> with its defaults (programs/record.mjs makes them).</summary>
public sealed class ProgramTests : IClassFixture<ProgramTests.Gateway>
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Enclave.Mcp.Tests", "programs");

    private readonly Gateway _gateway;

    public ProgramTests(Gateway gateway) => _gateway = gateway;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The value is the one that the body of the program has in node.</summary>
    [Fact]
    public async Task Programs_of_models_run_as_they_are_meant_and_without_warnings()
    {
        var others = new StringBuilder();
        int count = 0, wrong = 0;
        foreach (string line in await File.ReadAllLinesAsync(Path.Combine(s_folder, "programs.jsonl"), Token))
        {
            var program = JsonElement.Parse(line);
            count++;
            JsonElement answer = await _gateway.RunAsync(program.GetProperty("answer").GetString()!, Token);
            if (Difference(program, answer) is not { } why) continue;
            wrong++;
            others.Append($"{program.GetProperty("name")} ({program.GetProperty("style")}): {why}\n");
        }

        if (wrong > 0) TestContext.Current.SendDiagnosticMessage(others.ToString());
        Assert.True(count >= 200, $"{count} programs");
        Assert.True(wrong * 100 <= count, $"{wrong} of {count} programs are not as meant:\n{others}");
    }

    [Fact]
    public async Task Right_programs_get_no_warning() => await CheckAllAsync(
        "right.txt", 40, (about, answer) => answer.TryGetProperty("warnings", out JsonElement _) || answer.TryGetProperty("error", out JsonElement _));

    [Fact]
    public async Task Wrong_programs_are_told_what_is_wrong() => await CheckAllAsync("wrong.txt", 20, (words, answer) =>
        !Words(answer).Contains(words, StringComparison.Ordinal));

    /// <summary>Programs that cannot run by design get a message that names the mend.</summary>
    [Fact]
    public async Task Programs_that_cannot_run_are_told_the_mend() => await CheckAllAsync("refused.txt", 40, (words, answer) =>
        !answer.TryGetProperty("error", out JsonElement error) || !error.GetString()!.Contains(words, StringComparison.Ordinal));

    /// <summary>Runs the sections of a file, each with the words of its answer in its first line.</summary>
    private async Task CheckAllAsync(string file, int least, Func<string, JsonElement, bool> isWrong)
    {
        string[] sections = (await File.ReadAllTextAsync(Path.Combine(s_folder, file), Token)).Split("### ", StringSplitOptions.RemoveEmptyEntries);
        var others = new StringBuilder();
        foreach (string section in sections)
        {
            int end = section.IndexOf('\n', StringComparison.Ordinal);
            string words = section[..end].Trim(), code = section[(end + 1)..].TrimEnd();
            JsonElement answer = await _gateway.RunAsync(code, Token);
            if (isWrong(words, answer)) others.Append($"{code}\n  expected: {words}\n  answer: {answer.GetRawText()}\n");
        }

        Assert.True(sections.Length >= least, $"{sections.Length} programs");
        Assert.True(others.Length == 0, others.ToString());
    }

    private static string Words(JsonElement answer) => string.Join('\n', new[] { "error", "warnings", "console" }
        .Select((name) => answer.TryGetProperty(name, out JsonElement words) ? words.GetString() : ""));

    private static string? Difference(JsonElement program, JsonElement answer)
    {
        JsonElement expected = program.GetProperty("value");
        if (answer.TryGetProperty("error", out JsonElement error)) return error.GetString();
        if (answer.TryGetProperty("warnings", out JsonElement warnings)) return $"warns: {warnings.GetString()}";
        if (!program.GetProperty("isPrinted").GetBoolean())
        {
            return answer.TryGetProperty("value", out JsonElement value) && JsonElement.DeepEquals(value, expected)
                ? null
                : $"expected {expected}, got {answer}";
        }

        string printed = answer.TryGetProperty("console", out JsonElement console) ? console.GetString()! : "";
        try
        {
            return JsonElement.DeepEquals(JsonElement.Parse(printed), expected) ? null : $"expected {expected}, printed {printed}";
        }
        catch (JsonException)
        {
            return $"expected {expected}, printed {printed}";
        }
    }

    /// <summary><c>enclave mcp</c> in front of the three servers of programs/tools.mjs.</summary>
    public sealed class Gateway : IAsyncLifetime
    {
        private McpClient _client = null!;

        public async ValueTask InitializeAsync()
        {
            string server = Path.Combine(s_folder, "server.mjs");
            string[] servers = [.. new[] { "crm", "shop", "ops" }.SelectMany((name) => (string[])["--server", $"{name}='{NpmServer.Node}' '{server}' {name}"])];
            _client = await McpClient.CreateAsync(
                new StdioClientTransport(new StdioClientTransportOptions { Command = "dotnet", Arguments = [Interop.Cli, "mcp", .. servers] }),
                new McpClientOptions { ProtocolVersion = "2025-11-25" }, cancellationToken: TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync() => await _client.DisposeAsync();

        public async Task<JsonElement> RunAsync(string code, CancellationToken token)
        {
            CallToolResult result = await _client.CallToolAsync("run_code", new Dictionary<string, object?> { ["code"] = code }, cancellationToken: token);
            return result.StructuredContent ?? JsonElement.Parse("""{"error":"no answer"}""");
        }
    }
}
