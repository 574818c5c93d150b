using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave parse</c>.</summary>
public sealed class ParseTests
{
    [Fact]
    public async Task The_tree_is_acorns_in_one_line()
    {
        CliResult result = await CliProcess.RunAsync("a", ["parse", "-"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """{"type":"Program","start":0,"end":1,"body":[{"type":"ExpressionStatement","start":0,"end":1,"expression":{"type":"Identifier","start":0""" +
            ""","end":1,"name":"a"}}],"sourceType":"script"}""" + "\n",
            result.Output);
    }

    [Fact]
    public async Task Locations_have_lines_and_columns()
    {
        CliResult result = await CliProcess.RunAsync("\na", ["parse", "-", "--locations"]);

        Assert.Contains("""{"type":"Identifier","start":1,"end":2,"loc":{"start":{"line":2,"column":0},"end":{"line":2,"column":1}},"name":"a"}""",
            result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_counts()
    {
        CliResult result = await CliProcess.RunAsync("\ufeffa", ["parse", "-"]);

        Assert.Contains("""{"type":"Identifier","start":1,"end":2""", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_have_acorns_names()
    {
        CliResult result = await CliProcess.RunAsync("a.if += `b${1}`", ["parse", "-", "--tokens"]);

        string[] tokens = [.. JsonDocument.Parse(result.Output).RootElement.EnumerateArray().Select((token) =>
            token.GetProperty("type").GetString() + (token.TryGetProperty("value", out JsonElement value) ? $" {value}" : ""))];
        Assert.Equal(["name a", ".", "name if", "_= +=", "`", "template b", "${", "num 1", "}", "template ", "`", "eof"], tokens);
    }

    [Theory]
    [InlineData("--print", "const f = a => {\n  return a + 1;\n};\n")]
    [InlineData("--print --compact", "const f=a=>{return a+1};\n")]
    [InlineData("--print --compact --json", "\"const f=a=>{return a+1};\\n\"\n")]
    public async Task A_program_is_printed_again(string options, string expected)
    {
        CliResult result = await CliProcess.RunAsync("const f = (a) => { return (a + (1)) } // adds", ["parse", "-", .. options.Split(' ')]);

        Assert.Equal((0, "", expected), (result.ExitCode, result.Error, result.Output));
    }

    [Theory]
    [InlineData("a.ts", "export const a: number = 1;", "export const a = 1;\n")]
    [InlineData("a.d.ts", "export const a: number;", "\n")]
    [InlineData("a.mts", "import type { A } from 'a'; await (b as A);", "await b;\n")]
    public async Task A_typed_file_is_printed_without_its_types(string name, string source, string expected)
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("", ["parse", folder.File(name, source), "--print"]);

        Assert.Equal((0, "", expected), (result.ExitCode, result.Error, result.Output));
    }

    [Fact]
    public async Task Standard_input_is_TypeScript_if_the_option_says_so()
    {
        Assert.Equal(4, (await CliProcess.RunAsync("let a: b", ["parse", "-"])).ExitCode);
        Assert.Equal("let a;\n", (await CliProcess.RunAsync("let a: b", ["parse", "-", "--typescript", "--print"])).Output);
    }

    [Fact]
    public async Task Scopes_say_what_refers_to_what()
    {
        CliResult result = await CliProcess.RunAsync("let a = b;\nfunction f(c) { return a + c }", ["parse", "-", "--scopes"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """
            global
              let a 1:4; read 2:23; written 1:4; captured
              function f 2:9
              function f 2:0
                parameter c 2:11; read 2:27
            free b; read 1:8

            """,
            result.Output);
    }

    [Fact]
    public async Task Scopes_are_JSON_too()
    {
        CliResult result = await CliProcess.RunAsync("let a; () => typeof a; b", ["parse", "-", "--scopes", "--json"]);

        JsonElement json = JsonDocument.Parse(result.Output).RootElement;
        JsonElement binding = json.GetProperty("scopes")[0].GetProperty("bindings")[0];
        Assert.Equal("""{"name":"a","kind":"let","captured":true,"declarations":[4],"references":[{"name":"a","offset":20,"scope":1,"read":true""" +
            ""","write":false,"typeof":true,"capture":true}]}""", binding.GetRawText());
        Assert.Equal("b", json.GetProperty("free")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_syntax_error_shows_its_line_and_ends_with_four()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("a.js", "let a\nlet b c\n");

        CliResult text = await CliProcess.RunAsync("parse", file);
        CliResult json = await CliProcess.RunAsync("parse", file, "--json");

        Assert.Equal((4, ""), (text.ExitCode, text.Output));
        Assert.StartsWith($"{file}: ", text.Error, StringComparison.Ordinal);
        Assert.EndsWith(" (2:6)\n    let b c\n          ^\n", text.Error, StringComparison.Ordinal);
        Assert.Equal((4, ""), (json.ExitCode, json.Error));
        JsonElement error = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal((12, 2, 6), (error.GetProperty("offset").GetInt32(), error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task Several_files_are_lines_of_JSON()
    {
        using var folder = new TemporaryFolder();
        string module = folder.File("a.mjs", "export {}"), script = folder.File("b.js", "export {}"), missing = Path.Combine(folder.Path, "c.js");

        CliResult wrong = await CliProcess.RunAsync("parse", module, script);
        CliResult lost = await CliProcess.RunAsync("parse", module, missing, script, "--module");

        Assert.Equal((4, ""), (wrong.ExitCode, wrong.Error));
        Assert.StartsWith($"{{\"file\":\"{module}\",\"ast\":{{\"type\":\"Program\",", wrong.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{{\"file\":\"{script}\",\"error\":{{\"message\":", wrong.Lines[1], StringComparison.Ordinal);
        Assert.Equal((2, 3), (lost.ExitCode, lost.Lines.Length));
        Assert.StartsWith($"{{\"file\":\"{missing}\",\"error\":{{\"message\":\"Could not find file", lost.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("using a = b", "latest", 0)]
    [InlineData("{ using a = b }", "latest", 0)]
    [InlineData("{ using a = b }", "2025", 4)]
    public async Task The_edition_decides_about_using(string source, string edition, int code)
    {
        CliResult result = await CliProcess.RunAsync(source, ["parse", "-", "--module", "--edition", edition]);

        Assert.Equal(code, result.ExitCode);
    }

    [Theory]
    [InlineData("parse")]
    [InlineData("parse", "/nowhere/script.js")]
    [InlineData("parse", "-", "-")]
    [InlineData("parse", "-", "--tokens", "--scopes")]
    [InlineData("parse", "-", "--scopes", "--locations")]
    [InlineData("parse", "-", "--edition", "2024")]
    public async Task Two_for_wrong_usage(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.NotEqual("", result.Error);
    }

    [Fact]
    public async Task More_bytes_than_any_program_has_are_refused_unread()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("a.js", "");
        using (FileStream stream = File.OpenWrite(file)) stream.SetLength(200L << 20);

        CliResult result = await CliProcess.RunAsync("parse", file);

        Assert.Equal((4, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"{file}: The file is longer than 33554432 UTF-16 units", result.Error, StringComparison.Ordinal);
    }
}
