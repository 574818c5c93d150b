using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Enclave.Guard;
using Enclave.Models;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>The description of a host for models, compared with the compiler, the guard and real runs.</summary>
public sealed class DescribeForModelTests
{
    /// <summary>Uses every tool and every kind of type.</summary>
    private const string Program =
        """
        const page = await callTool('users:list', { limit: 2, order: 'Name' });
        const all = await parallel(page.users, async (user) => (await callTool('users:list', { limit: 1, filter: user.name })).total);
        const names = page.users.map((user) => user.name.toUpperCase() + (user.mail ?? '') + user.tags.join('') + (user.weights['a'] ?? 0).toFixed(1));
        const tree = await callTool('tree:get');
        const depth = tree.children[0]?.children.length ?? 0;
        const shape = await callTool('shape:get', { kind: { $type: 'circle', name: 'c', r: 2 } });
        const area = shape.$type === 'circle' ? shape.r * 3 : shape.a;
        const done = await callTool('mail:send', { to: ['a@b.c'], text: `${names[0]}`, options: { urgent: true } });
        console.log(done, settings.rows + 1, region.length);
        return { names, sum: all.reduce((a, b) => a + b, 0), depth, area, done, any: (await callTool('any:thing', { x: [1] })).x };
        """;

    [Fact]
    public async Task TypeScript_takes_tools_as_members_and_the_same_program_written_so()
    {
        await using EnclaveHost host = Host();
        string declarations = host.DescribeForModel(ModelTextFormat.Namespaces);
        string program = System.Text.RegularExpressions.Regex.Replace(Program, @"callTool\('([a-z]+):([a-z]+)'(?:, )?", "tools.$1.$2(");

        string[][] found = await TypeScriptCompiler.Check((declarations, program), (declarations, "await tools.users.lst({ limit: 1 })"));
        ExecutionResult result = await Within.Deadline(host.RunAsync(program), "answer");

        Assert.Empty(found[0]);
        Assert.NotEmpty(found[1]);
        Assert.DoesNotContain("callTool", program, StringComparison.Ordinal);
        Assert.True(result.Success, result.Error?.Message);
    }

    [Fact]
    public async Task TypeScript_takes_the_declarations_and_what_is_written_against_them_runs()
    {
        await using EnclaveHost host = Host();
        string declarations = host.DescribeForModel();

        string[][] wrong = await TypeScriptCompiler.Check((declarations, Program));
        ExecutionResult result = await Within.Deadline(host.RunAsync(Program), "answer");

        Assert.Empty(wrong[0]);
        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("""{"names":["ANNann@example.comab0.5","BOB0.0"],"sum":4,"depth":0,"area":6,"done":null,"any":[1]}""", result.Value.ToJsonString());
    }

    [Fact]
    public async Task TypeScript_refuses_the_calls_that_the_host_refuses()
    {
        await using EnclaveHost host = Host();
        string declarations = host.DescribeForModel();
        string[] programs =
        [
            "await callTool('users:list', {})",
            "await callTool('users:list')",
            "await callTool('users:list', { limit: '2' })",
            "await callTool('users:list', { limit: 2, order: 'Age' })",
            "await callTool('users:list', { limit: 2, orders: 'Name' })",
            "await callTool('users:list', { limit: null })",
            "await callTool('mail:send', { to: 'a@b.c', text: '' })",
            "await callTool('shape:get', { kind: { $type: 'square', name: 's', r: 1 } })",
            "await callTool('shape:get', { kind: { $type: 'line', name: 's' } })",
            "await callTool('users:lists', { limit: 2 })",
            "await callTool('tree:get', { depth: 1 })",
        ];

        string[][] wrong = await TypeScriptCompiler.Check([.. programs.Select((program) => (declarations, program))]);

        for (int i = 0; i < programs.Length; i++)
        {
            Assert.True(wrong[i].Length > 0, $"the compiler takes {programs[i]}");
            ExecutionResult result = await Within.Deadline(host.RunAsync(programs[i]), programs[i]);
            Assert.True(result.Error?.Code is ErrorCode.ToolError or ErrorCode.ValidationError, $"the host takes {programs[i]}");
        }
    }

    [Fact]
    public async Task Every_level_and_preset_gives_declarations_that_stand()
    {
        var programs = new List<(string, string)>();
        var kinds = Enum.GetValues<SecurityLevel>()
            .Select((level) => (level, GuardPreset.AgentScript)).Concat(Enum.GetValues<GuardPreset>().Select((preset) => (SecurityLevel.Standard, preset)));
        foreach ((SecurityLevel level, GuardPreset preset) in kinds.Distinct())
        {
            await using EnclaveHost host = Host(level, preset);
            programs.Add((host.DescribeForModel(), "return 1"));
        }

        string[][] wrong = await TypeScriptCompiler.Check([.. programs]);

        Assert.All(wrong, Assert.Empty);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict, GuardPreset.AgentScript, "regular expressions (write", "Map and Set (write", "for-in (write", "a loop of 1000")]
    [InlineData(SecurityLevel.Secure, GuardPreset.AgentScript, "regular expressions (write", "throw new Error (write", "while (write", "a loop of 5000")]
    [InlineData(SecurityLevel.Standard, GuardPreset.AgentScript, "the function keyword (write", "tool names made at run time (write",
        "constructor and prototype (write", "a loop of 10000")]
    [InlineData(SecurityLevel.Permissive, GuardPreset.AgentScript, "constructor and prototype (write", "a loop of 100000")]
    [InlineData(SecurityLevel.Standard, GuardPreset.Strict, "for-of (write", "async arrow functions (write", "a loop of 10000")]
    public async Task The_language_is_the_levels_own_and_all_of_it_runs(SecurityLevel level, GuardPreset preset, params string[] said)
    {
        TestLauncher.NeedsLevel(level);
        if (level == SecurityLevel.Permissive) TestedEngine.NeedsNative("Temporal");
        await using EnclaveHost host = Host(level, preset);

        string text = host.DescribeForModel(ModelTextFormat.Markdown);

        string missing = text.Split('\n').SingleOrDefault((line) => line.StartsWith("- There are not: ", StringComparison.Ordinal)) ?? "";
        string[] there = text.Split('\n').Single((line) => line.StartsWith("- There are: ", StringComparison.Ordinal))["- There are: ".Length..].Split("; ");
        Assert.All(said[..^1], (words) => Assert.Contains(words, missing, StringComparison.Ordinal));
        Assert.Contains($"A loop may make {said[^1][10..]} rounds", text, StringComparison.Ordinal);
        foreach (LanguageFeature feature in LanguageFeature.All)
        {
            bool isThere = there.Contains(feature.Name);
            ExecutionResult result = await Within.Deadline(host.RunAsync(feature.Probe), feature.Probe);
            Assert.True(isThere ? result.Error is null or { Code: ErrorCode.ToolError } or { Message: "x" } : result.Error?.Code == ErrorCode.ValidationError,
                $"{feature.Name}: {result.Error?.Message}");
        }

        string globals = text.Split('\n').Single((line) => line.StartsWith("- Globals: ", StringComparison.Ordinal))[
            "- Globals: ".Length..^", and console, whose lines are kept and shown.".Length];
        ExecutionResult types = await host.RunAsync($"return [{string.Join(", ", globals.Split(", ").Select((name) => $"typeof {name}"))}]");
        Assert.DoesNotContain("undefined", types.Value.Items.Select((type) => type.AsString()));
    }

    /// <summary>The host accepts the examples in the text. A preset without a feature has no example of it.</summary>
    [Fact]
    public async Task Examples_in_the_text_are_accepted()
    {
        ToolCollection named = new ToolCollection().Add("name", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(1));
        string[] examples = [LanguageSheet.Call, LanguageSheet.Parallel, LanguageSheet.Catch];
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            foreach (GuardPreset preset in Enum.GetValues<GuardPreset>())
            {
                await using EnclaveHost host = Host(level, preset);
                string text = host.DescribeForModel();
                string[] shown = [.. examples.Where((example) => text.Contains(example, StringComparison.Ordinal))];

                if (preset == GuardPreset.AgentScript) Assert.Equal(examples, shown);
                Assert.Contains(LanguageSheet.Call, shown);
                Assert.All(shown, (example) => Assert.True(host.Validate(example, new RunOptions { Tools = named }).Valid, $"{level} {preset}: {example}"));
            }
        }
    }

    [Fact]
    public async Task A_run_sees_its_own_tools_limits_and_globals()
    {
        await using EnclaveHost host = Host();
        var run = new RunOptions
        {
            Tenant = "acme",
            MaxToolCalls = 7,
            Timeout = TimeSpan.FromSeconds(3),
            Globals = new Dictionary<string, object?> { ["args"] = new { Ids = new[] { 1, 2 } } },
        };

        string acme = host.DescribeForModel(ModelTextFormat.TypeScript, run), anybody = host.DescribeForModel();

        Assert.Contains("name: 'acme:only'", acme, StringComparison.Ordinal);
        Assert.DoesNotContain("acme:only", anybody, StringComparison.Ordinal);
        Assert.Contains("may take 3 s with its waits", acme, StringComparison.Ordinal);
        Assert.Contains("make 7 tool calls, 7 at once", acme, StringComparison.Ordinal);
        Assert.Contains("declare const args: { ids: number[] };", acme, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => host.DescribeForModel(options: new RunOptions { MaxToolCalls = -1 }));
    }

    [Fact]
    public async Task Tools_that_the_guard_refuses_are_not_described()
    {
        var options = new EnclaveOptions
        {
            Guard = GuardOptions.Default with { AllowedToolNames = ["tree:get"], RequireCallTool = true },
            OnToolApproval = (_) => new(ToolApproval.Approved),
        };
        AddTools(options);
        await using var host = new EnclaveHost(options);

        string text = host.DescribeForModel();

        Assert.Contains("name: 'tree:get'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("users:list", text, StringComparison.Ordinal);
        Assert.Contains("A script has to call a tool.", text, StringComparison.Ordinal);
        Assert.Contains("arrow functions", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_registered_tools_says_so()
    {
        await using var none = new EnclaveHost();
        await using var handler = new EnclaveHost(new EnclaveOptions { ToolHandler = (_, _, _) => new(1) });

        Assert.Contains("There are no tools here.", none.DescribeForModel(), StringComparison.Ordinal);
        Assert.DoesNotContain("function callTool", none.DescribeForModel(), StringComparison.Ordinal);
        Assert.Contains(
            "declare function callTool(name: string, args?: Record<string, any>): Promise<any>;", handler.DescribeForModel(), StringComparison.Ordinal);
        Assert.Empty((await TypeScriptCompiler.Check((handler.DescribeForModel(), "return await callTool('x', { a: 1 })")))[0]);
    }

    [Fact]
    public async Task Declared_effects_and_rules_are_told()
    {
        await using EnclaveHost host = Host(SecurityLevel.Strict);

        string text = host.DescribeForModel(ModelTextFormat.Markdown);

        Assert.Contains("It reads users (labelled pii). At most 100 calls within 5 s. All calls within one script together may ask for at most 500 by limit.",
            text, StringComparison.Ordinal);
        Assert.Contains("It sends (cleared for public). At most 100 calls within 5 s. A person has to approve each call.", text, StringComparison.Ordinal);
        Assert.Contains("Within one script of reading data with a label, tools that send refuse", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_it_has_the_schemas()
    {
        await using EnclaveHost host = Host();

        JsonNode root = JsonNode.Parse(host.DescribeForModel(ModelTextFormat.JsonSchema))!;

        JsonNode list = root["tools"]!.AsArray().Single((tool) => (string?)tool!["name"] == "users:list")!;
        Assert.Equal("integer", (string?)list["parameters"]!["properties"]!["limit"]!["type"]);
        Assert.Equal("object", (string?)list["returns"]!["type"]);
        Assert.Equal("string", (string?)root["globals"]!["region"]);
        Assert.StartsWith("Write AgentScript", (string?)root["language"], StringComparison.Ordinal);
        Assert.Equal(3, root["limits"]!.AsArray().Count);
    }

    [Fact]
    public async Task Names_and_descriptions_stay_where_they_belong()
    {
        const string Hostile = "ends here */ declare const evil: 1; /*\r\n * next line \u2028 \ud800 'quoted' `x`";
        var options = new EnclaveOptions
        {
            Globals = new Dictionary<string, object?> { ["odd"] = new Dictionary<string, object?> { ["a b'\\\n"] = 1, ["1"] = null } },
        };
        options.Tools.Add("odd:tool", (OddArgs args, ToolContext _, CancellationToken _) => Task.FromResult(args), new ToolOptions { Description = Hostile });
        await using var host = new EnclaveHost(options);
        string text = host.DescribeForModel();

        string[][] wrong = await TypeScriptCompiler.Check(
            (text, "return (await callTool('odd:tool', { \"it's\": 'a', '\\u2028': 1 }))[\"it's\"].length + odd['a b\\'\\\\\\n']"), (text, "return evil"));

        Assert.Empty(wrong[0]);
        Assert.NotEmpty(wrong[1]);
    }

    private static EnclaveHost Host(SecurityLevel level = SecurityLevel.Standard, GuardPreset preset = GuardPreset.AgentScript)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Preset = preset,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            Globals = new Dictionary<string, object?> { ["region"] = "eu", ["settings"] = new { Rows = 5, Names = new[] { "a" } } },
            OnToolApproval = (_) => new(ToolApproval.Approved),
        };
        AddTools(options);
        return new EnclaveHost(options);
    }

    private static void AddTools(EnclaveOptions options)
    {
        User[] users = [new User { Name = "Ann", Mail = "ann@example.com", Tags = ["a", "b"], Weights = { ["a"] = 0.5 } }, new User { Name = "Bob" }];
        options.Tools.Add(
            "users:list", (ListArgs args, ToolContext _, CancellationToken _) =>
                Task.FromResult(new Page([.. users.Take(args.Limit)], users.Length)), new ToolOptions
                {
                    Description = "Lists users, newest first.",
                    Effects = ToolEffects.Reads,
                    Labels = ["pii"],
                    Resource = "users",
                    BulkLimits = new Dictionary<string, long> { ["limit"] = 500 },
                });
        options.Tools.Add("tree:get", (NoArgs _, ToolContext _, CancellationToken _) => Task.FromResult(new Tree("root", [new Tree("leaf", [], null)], null)));
        options.Tools.Add("shape:get", (ShapeArgs args, ToolContext _, CancellationToken _) => Task.FromResult(args.Kind));
        options.Tools.Add("mail:send", (MailArgs _, ToolContext _, CancellationToken _) => Task.CompletedTask, new ToolOptions
        {
            Effects = ToolEffects.Sends,
            ClearedFor = ["public"],
            RequiresApproval = true,
        });
        options.Tools.Add("any:thing", (ScriptValue args, ToolContext _, CancellationToken _) => Task.FromResult(args));
        options.Tools.Add("acme:only", (NoArgs _, ToolContext _, CancellationToken _) => Task.FromResult(1), new ToolOptions { AllowedTenants = ["acme"] });
    }

    internal enum Order
    {
        Name,
        Created,
    }

    internal sealed record ListArgs([property: Description("how many"), Range(1, 500)] int Limit, string? Filter = null, Order Order = Order.Created);

    internal sealed record NoArgs;

    internal sealed record Page(User[] Users, int Total);

    internal sealed record User
    {
        public string Name { get; init; } = "";

        public string? Mail { get; init; }

        public string[] Tags { get; init; } = [];

        public Dictionary<string, double> Weights { get; init; } = [];
    }

    internal sealed record Tree(string Name, List<Tree> Children, Tree? Parent);

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    internal abstract record Shape(string Name);

    internal sealed record Circle(string Name, double R) : Shape(Name);

    internal sealed record Square(string Name, double A) : Shape(Name);

    internal sealed record ShapeArgs(Shape Kind);

    internal sealed record MailArgs(string[] To, string Text, MailOptions? Options = null);

    internal sealed record MailOptions(bool Urgent);

    internal sealed record OddArgs([property: JsonPropertyName("it's"), Description("*/ evil")] string Its, [property: JsonPropertyName("\u2028")] int Line);
}
