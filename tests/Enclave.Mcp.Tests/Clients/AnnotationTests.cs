namespace Enclave.Mcp.Tests.Clients;

/// <summary>The hints of a server become effects and approval as the table of docs/mcp.md says.</summary>
public sealed class AnnotationTests
{
    private const ToolEffects Unlimited = ToolEffects.Writes | ToolEffects.Sends | ToolEffects.Deletes, Adding = ToolEffects.Writes | ToolEffects.Sends;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Tools by their <c>readOnlyHint</c>, <c>destructiveHint</c> and <c>openWorldHint</c>: t is true, f is false, x is absent.</summary>
    public static TheoryData<string, ToolEffects, string> Hints => new()
    {
        { "none", Unlimited, "UnlessReadOnly Always" },
        { "rx_dx_ox", Unlimited, "UnlessReadOnly Always" },
        { "rx_dx_ot", Unlimited, "UnlessReadOnly Always" },
        { "rx_dx_of", ToolEffects.Writes | ToolEffects.Deletes, "UnlessReadOnly Always" },
        { "rf_dx_ox", Unlimited, "WhenDestructive UnlessReadOnly Always" },
        { "rf_dx_of", ToolEffects.Writes | ToolEffects.Deletes, "WhenDestructive UnlessReadOnly Always" },
        { "rx_dt_ox", Unlimited, "WhenDestructive UnlessReadOnly Always" },
        { "rf_dt_ot", Unlimited, "WhenDestructive UnlessReadOnly Always" },
        { "rf_dt_of", ToolEffects.Writes | ToolEffects.Deletes, "WhenDestructive UnlessReadOnly Always" },
        { "rx_df_ox", Adding, "UnlessReadOnly Always" },
        { "rf_df_ot", Adding, "UnlessReadOnly Always" },
        { "rf_df_of", ToolEffects.Writes, "UnlessReadOnly Always" },
        { "rt_dx_ox", ToolEffects.Reads | ToolEffects.Sends, "Always" },
        { "rt_dx_ot", ToolEffects.Reads | ToolEffects.Sends, "Always" },
        { "rt_dx_of", ToolEffects.Reads, "Always" },
        // destructiveHint has a meaning only where the tool does not only read.
        { "rt_dt_of", ToolEffects.Reads, "Always" },
        { "rt_df_of", ToolEffects.Reads, "Always" },
    };

    [Fact]
    public async Task Each_hint_becomes_the_effects_and_the_approval_of_the_table()
    {
        Dictionary<string, ToolOptions> never = await Limits(McpApproval.Never), destructive = await Limits(McpApproval.WhenDestructive),
            readOnly = await Limits(McpApproval.UnlessReadOnly), always = await Limits(McpApproval.Always);

        Assert.All(Hints, (row) =>
        {
            (string tool, ToolEffects effects, string approvals) = row.Data;
            (McpApproval Approval, ToolOptions Limits)[] all =
            [
                (McpApproval.Never, never[tool]), (McpApproval.WhenDestructive, destructive[tool]), (McpApproval.UnlessReadOnly, readOnly[tool]),
                (McpApproval.Always, always[tool]),
            ];
            Assert.All(all, (one) => Assert.Equal(effects, one.Limits.Effects));
            Assert.Equal(approvals, string.Join(' ', all.Where((one) => one.Limits.RequiresApproval).Select((one) => one.Approval)));
        });
    }

    [Fact]
    public async Task By_default_a_person_is_asked_for_what_a_server_calls_destructive_and_not_for_what_it_does_not_describe()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options(default), null, Token);
        var asked = new List<string>();
        var options = new EnclaveOptions
        {
            OnToolApproval = (request) =>
            {
                lock (asked) asked.Add(request.Tool.Name);
                return new(ToolApproval.Denied());
            },
        };
        options.Tools.Add(source);
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            """
            const said = [];
            said.push(await tools.hostile.none({}).catch((e) => e.code));
            said.push(await tools.hostile.rt_dx_ox({}).catch((e) => e.code));
            said.push(await tools.hostile.rx_df_ox({}).catch((e) => e.code));
            said.push(await tools.hostile.rf_dx_ox({}).catch((e) => e.code));
            said.push(await tools.hostile.rx_dt_ox({}).catch((e) => e.code));
            return said;
            """, cancellationToken: Token);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("""["answered","answered","answered","TOOL_APPROVAL_DENIED","TOOL_APPROVAL_DENIED"]""", result.Value.ToJsonString());
        Assert.Equal(["hostile:rf_dx_ox", "hostile:rx_dt_ox"], asked);
    }

    /// <summary>A model that reads "it deletes" of every tool calls none.</summary>
    [Fact]
    public async Task Models_are_told_what_a_server_or_an_operator_says_and_not_what_is_only_assumed()
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options(McpApproval.Never), null, Token);
        await using McpToolSource declared = await McpToolSource.ConnectAsync(
            Options(McpApproval.Never) with { Tool = (_, limits) => limits with { Effects = ToolEffects.Writes } }, null, Token);
        var options = new EnclaveOptions();
        options.Tools.Add(source);
        await using var enclave = new EnclaveHost(options);

        Assert.DoesNotContain("writes", enclave.DescribeTools(["hostile:none", "hostile:rx_dx_of"]), StringComparison.Ordinal);
        Assert.Contains("It writes, sends, deletes.", enclave.DescribeTools(["hostile:rf_dx_ox"]), StringComparison.Ordinal);
        Assert.Contains(
            "It writes.", enclave.DescribeTools(["hostile:none"], new RunOptions { Tools = new ToolCollection().Add(declared) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operators_function_sees_what_the_server_says_and_decides()
    {
        var seen = new Dictionary<string, McpTool>(StringComparer.Ordinal);
        await using McpToolSource source = await McpToolSource.ConnectAsync(
            Options(McpApproval.Always) with
            {
                Tool = (tool, limits) =>
                {
                    seen.Add(tool.Name, tool);
                    return tool.IsUnannotated ? limits with { RequiresApproval = false, Effects = ToolEffects.None } : limits;
                },
            }, null, Token);

        Assert.Equal((false, true, true, false), Said("none"));
        Assert.Equal((false, true, true, false), Said("rx_dx_ox"));
        Assert.Equal((false, true, false, false), Said("rf_dx_ot"));
        Assert.Equal((true, false, false, true), Said("rt_dt_of"));
        Assert.Equal((false, ToolEffects.None), Limits("none"));
        Assert.Equal((true, Adding), Limits("rf_df_ox"));

        (bool IsReadOnly, bool IsDestructive, bool IsUnannotated, bool IsClosedWorld) Said(string name) =>
            (seen[name].IsReadOnly, seen[name].IsDestructive, seen[name].IsUnannotated, seen[name].IsClosedWorld);

        (bool, ToolEffects) Limits(string name)
        {
            ToolOptions limits = source.Tools.Single((tool) => tool.Name == $"hostile:{name}").Options;
            return (limits.RequiresApproval, limits.Effects);
        }
    }

    private static async Task<Dictionary<string, ToolOptions>> Limits(McpApproval approval)
    {
        await using McpToolSource source = await McpToolSource.ConnectAsync(Options(approval), null, Token);
        return source.Tools.ToDictionary((tool) => tool.Name["hostile:".Length..], (tool) => tool.Options, StringComparer.Ordinal);
    }

    private static McpSourceOptions Options(McpApproval approval) => new() { Name = "hostile", Command = NpmServer.Hostile("annotated"), Approval = approval };
}
