using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave mcp</c>: what it refuses. Tests of Enclave.Mcp have what it does.</summary>
public sealed class McpTests
{
    [Theory]
    [InlineData("does not say which server gets it: write --server-env a=KEY. Servers are a, b.", "a=true", "b=true", "KEY")]
    [InlineData("names the server c, and no --server of this name is a command.", "a=true", "b=true", "c=KEY")]
    [InlineData("names the server b, and no --server of this name is a command.", "a=true", "b=https://mcp.example/mcp", "b=KEY")]
    [InlineData("a server at an address takes --server-header", "a=https://mcp.example/mcp", "b=https://mcp.example/mcp", "KEY")]
    [InlineData("names NO_SUCH, and there is no such variable", "a=true", "b=true", "a=NO_SUCH")]
    [InlineData("It takes NAME=VARIABLE, the name of a server and of a variable, and never a value", "a=true", "b=true", "KEY=s3cr3t-value")]
    [InlineData("it takes NAME=VARIABLE, a variable's name and never its value", "a=true", "b=true", "a=s3cr3t value")]
    [InlineData("it takes NAME=VARIABLE", "a=true", "b=true", "a=")]
    public async Task A_variable_that_reaches_no_server_is_refused_with_the_way_out(string why, string first, string second, string variable)
    {
        CliResult result = await CliProcess.RunAsync(
            "", ["mcp", "--server", first, "--server", second, "--server-env", variable], ("KEY", "s3cr3t-of-the-environment"));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(why, result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it ended with exit code 3 before it answered. It wrote: boom. Run sh with its arguments", "sh -c 'echo boom >&2; exit 3'")]
    [InlineData("it ended with exit code 1 before it answered. Run false with its arguments", "false")]
    [InlineData("its program no-such-server is not there, or not in PATH", "no-such-server --stdio")]
    [InlineData("there was no answer within 0.5 s (ConnectTimeout; --connect-timeout at the command line)", "sleep 60")]
    [InlineData("Connection refused", "http://127.0.0.1:9/mcp")]
    public async Task A_server_that_cannot_be_used_is_named_with_the_reason(string why, string server)
    {
        CliResult result = await CliProcess.RunAsync("mcp", "--server", $"bad={server}", "--connect-timeout", server == "sleep 60" ? "500ms" : "60s");

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("enclave: the MCP server bad cannot be used: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_is_left_out_is_named_at_the_start_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        string server = Path.Combine(folder.Path, "server.sh");
        await File.WriteAllTextAsync(server, """
            while read -r line; do
              id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9]*\|"[^"]*"\).*/\1/p')
              case "$line" in
                *'"initialize"'*) printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},' "$id"
                  printf '"serverInfo":{"name":"s","version":"1"}}}\n' ;;
                *'"tools/list"'*) printf '{"jsonrpc":"2.0","id":%s,"result":{"tools":[{"name":"good","inputSchema":{"type":"object"}},' "$id"
                  printf '{"name":"!!","inputSchema":{"type":"object"}}]}}\n' ;;
              esac
            done
            """, TestContext.Current.CancellationToken);

        CliResult result = await CliProcess.RunAsync("mcp", "--server", $"odd=sh {server}");

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Equal("odd: 1 tool, 1 left out\n  !!: its name has neither letters nor digits\n", result.Error);
    }

    [Theory]
    [InlineData("\"structuredContent\":{\"value\":3")]
    [InlineData("VALIDATION_ERROR", "--preset", "agentscript")]
    public async Task Scripts_have_the_whole_language_unless_rules_are_chosen(string words, params string[] options)
    {
        const string Initialize = """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}""";
        const string Run = """{"name":"run_code","arguments":{"code":"let i = 0; while (i < 3) i++; return i"}}""";

        CliResult result = await CliProcess.RunAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":" + Initialize + "}\n" +
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n" +
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":" + Run + "}\n",
            ["mcp", .. options]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(words, result.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_prints_what_a_client_is_told_with_its_tokens()
    {
        string[] tool = ["--tool", "hosts:list=echo a"];

        CliResult text = await CliProcess.RunAsync(["prompt", .. tool]), json = await CliProcess.RunAsync(["prompt", .. tool, "--json"]);

        JsonElement root = JsonElement.Parse(json.Output);
        JsonElement[] parts = [.. root.GetProperty("parts").EnumerateArray()];
        Assert.Equal((0, "", 0, ""), (text.ExitCode, text.Error, json.ExitCode, json.Error));
        Assert.Equal(["instructions", "run_code", "search_tools", "describe_tools"], parts.Select((part) => part.GetProperty("name").GetString()));
        Assert.Equal(root.GetProperty("tokens").GetInt32(), parts.Sum((part) => part.GetProperty("tokens").GetInt32()));
        Assert.All(parts, (part) => Assert.Contains(part.GetProperty("text").GetString()!, text.Output, StringComparison.Ordinal));
        Assert.Contains("callTool(name: 'hosts:list'", parts[1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal($"{root.GetProperty("tokens")} tokens in all, taken for 3 characters each", text.Lines[^1]);
    }

    [Fact]
    public async Task Two_servers_of_one_name_are_refused_before_one_is_started()
    {
        CliResult result = await CliProcess.RunAsync("mcp", "--server", "a=sleep 60", "--server", "a=sleep 61");

        Assert.Equal((2, "enclave: --server: two have the name a: give each a NAME of its own.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("sometimes")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("always,never")]
    [InlineData("")]
    public async Task An_approval_that_is_none_is_refused_with_those_that_are(string approval)
    {
        CliResult result = await CliProcess.RunAsync("mcp", "--approval", approval);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("always, unless-read-only, when-destructive or never", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_says_who_gets_a_variable_and_who_is_asked()
    {
        CliResult result = await CliProcess.RunAsync("mcp", "--help");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("--server-env <NAME=VARIABLE>", result.Output, StringComparison.Ordinal);
        Assert.Contains("--approval <WHEN>", result.Output, StringComparison.Ordinal);
        Assert.Contains("enclave mcp --server", result.Output[result.Output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }
}
