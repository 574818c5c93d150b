using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Host.Tests.Tools;

/// <summary>The registration of tools, and its errors.</summary>
public sealed class ToolCollectionTests
{
    [Theory]
    [InlineData("users:list")]
    [InlineData("a")]
    [InlineData("Z9_-:")]
    public void A_name_is_a_letter_then_letters_digits_and_three_signs(string name)
    {
        var tools = new ToolCollection();
        tools.Add<Filter>(name, Nothing);

        Assert.True(tools.TryGet(name, out ToolDefinition? tool));
        Assert.Same(tool, Assert.Single(tools));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9a")]
    [InlineData(":a")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("a\n")]
    [InlineData("é")]
    public void Another_name_is_refused_with_the_rule(string name)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new ToolCollection().Add<Filter>(name, Nothing));

        Assert.Contains("a name is a letter, then letters, digits and any of :_-", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_comes_after_the_host_is_refused_with_the_place_to_add_it()
    {
        var options = new EnclaveOptions();
        options.Tools.Add<Filter>("first", Nothing);
        await using var host = new EnclaveHost(options);

        var refusal = Assert.Throws<InvalidOperationException>(() => options.Tools.Add<Filter>("second", Nothing));

        Assert.Contains("The tool 'second' comes too late", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("first", Assert.Single(options.Tools).Name);
        Assert.Contains("first", host.DescribeForModel(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_256_characters_at_most()
    {
        new ToolCollection().Add<Filter>(new string('a', 256), Nothing);

        Assert.Contains(
            "257", Assert.Throws<ArgumentException>(() => new ToolCollection().Add<Filter>(new string('a', 257), Nothing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        ToolCollection tools = new ToolCollection().Add<Filter>("a", Nothing);

        Assert.Contains(
            "There is a tool 'a' already", Assert.Throws<ArgumentException>(() => tools.Add<Filter>("a", Nothing)).Message, StringComparison.Ordinal);
        Assert.Single(tools);
    }

    [Fact]
    public void Every_shape_of_function_is_taken()
    {
        ToolCollection tools = new ToolCollection()
            .Add("task", (Filter filter, ToolContext context, CancellationToken token) => Task.FromResult(filter.Limit))
            .Add("value-task", (Filter filter, ToolContext context, CancellationToken token) => new ValueTask<string>("a"))
            .Add("no-result", (Filter filter, ToolContext context, CancellationToken token) => Task.CompletedTask)
            .Add("no-result-either", (Filter filter, ToolContext context, CancellationToken token) => default(ValueTask))
            .Add("async", async (Filter filter, ToolContext context, CancellationToken token) =>
            {
                await Task.Yield();
                return filter.Limit;
            })
            .Add("async-without-result", async (Filter filter, ToolContext context, CancellationToken token) => await Task.Yield());

        Assert.Equal(["integer", "string", "null", "null", "integer", "null"], tools.Select((tool) => tool.ResultSchema["type"]!.ToString()));
    }

    [Fact]
    public void A_tool_class_stands_in_a_collection_with_services()
    {
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();

        ToolDefinition tool = Assert.Single(new ToolCollection(services).AddTool<Double>(new ToolOptions { MaxCalls = 2 }));

        Assert.Equal(("double", 2, "integer"), (tool.Name, tool.Options.MaxCalls, tool.ResultSchema["type"]!.ToString()));
        Assert.Contains("new ToolCollection(services)", Assert.Throws<InvalidOperationException>(() => new ToolCollection().AddTool<Double>()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Timeout")]
    [InlineData("MaxConcurrency")]
    [InlineData("MaxCalls")]
    [InlineData("RateLimit.Calls")]
    [InlineData("RateLimit.Window")]
    public void A_limit_out_of_its_range_is_named(string option)
    {
        ToolOptions options = option switch
        {
            "Timeout" => new ToolOptions { Timeout = TimeSpan.Zero },
            "MaxConcurrency" => new ToolOptions { MaxConcurrency = 0 },
            "MaxCalls" => new ToolOptions { MaxCalls = -1 },
            "RateLimit.Calls" => new ToolOptions { RateLimit = new ToolRateLimit(0, TimeSpan.FromSeconds(1)) },
            _ => new ToolOptions { RateLimit = new ToolRateLimit(1, TimeSpan.Zero) },
        };

        Assert.StartsWith(
            $"{option} is ", Assert.Throws<ArgumentException>(() => new ToolCollection().Add<Filter>("a", Nothing, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_a_type_with_members()
    {
        var tools = new ToolCollection();

        Assert.Throws<ArgumentException>(() => tools.Add("a", (IDisposable n, ToolContext context, CancellationToken token) => Task.CompletedTask));
        Assert.Empty(tools);
        // A tool without members is a member itself.
        tools.Add("a", (string[] names, ToolContext context, CancellationToken token) => Task.CompletedTask);
        Assert.Equal("array", (string)tools.Single().ArgumentsSchema["properties"]!["names"]!["type"]!);
    }

    [Fact]
    public void A_tool_that_needs_approval_needs_somebody_to_ask()
    {
        var options = new EnclaveOptions();
        options.Tools.Add<Filter>("pay", Nothing, new ToolOptions { RequiresApproval = true });

        Assert.Contains("OnToolApproval is null", Assert.Throws<ArgumentException>(() => new EnclaveHost(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_that_of_the_type_with_its_annotations()
    {
        var tools = new ToolCollection();
        tools.Add("a", (Filter filter, ToolContext context, CancellationToken token) => Task.FromResult(filter), new ToolOptions { Description = "Lists." });
        ToolDefinition tool = tools.Single();

        JsonNode expected = JsonNode.Parse("""
            {
              "type": "object", "additionalProperties": false, "required": ["limit"],
              "properties": {
                "limit": { "type": "integer", "description": "How many.", "minimum": 1, "maximum": 100 },
                "state": { "enum": ["Active", "Gone", null], "default": null },
                "tags": { "type": ["array", "null"], "items": { "type": "string" }, "default": null, "maxItems": 3 }
              }
            }
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, tool.ArgumentsSchema), tool.ArgumentsSchema.ToJsonString());
        Assert.Equal("Lists.", tool.Description);
        // It is a copy: a change of it has no effect.
        tool.ArgumentsSchema["type"] = "array";
        Assert.True(JsonNode.DeepEquals(expected, tool.ArgumentsSchema));
    }

    private static Task Nothing(Filter filter, ToolContext context, CancellationToken token) => Task.CompletedTask;

    private sealed record Filter([property: Description("How many.")][Range(1, 100)] int Limit, State? State = null, [MaxLength(3)] string[]? Tags = null);

    private enum State
    {
        Active,
        Gone,
    }

    private sealed class Double : ITool<Filter, int>
    {
        public static string Name => "double";

        public Task<int> CallAsync(Filter arguments, ToolContext context, CancellationToken cancellationToken) => Task.FromResult(arguments.Limit * 2);
    }
}
