using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Enclave.Guard;

namespace Enclave.Host.Tests.Tools;

/// <summary>What scripts that call many unknown tools cost the host.</summary>
public sealed class UnknownToolTests
{
    private const int MostIssues = 100;

    [Fact]
    public async Task A_script_gets_a_hundred_issues_at_most()
    {
        await using EnclaveHost host = Host(tools: 20);

        ExecutionResult result = await host.RunAsync(Calls(500));

        Assert.Equal(ErrorCode.ValidationError, result.Error!.Code);
        Assert.InRange(((IEnumerable<GuardIssue>)result.Error.Data!["issues"]!).Count(), 1, MostIssues);
    }

    [Theory]
    [InlineData(400, 5_000)]
    [InlineData(2_000, 500)]
    public async Task Unknown_names_are_refused_whatever_their_hints_would_cost(int calls, int tools)
    {
        await using EnclaveHost host = Host(tools);

        ExecutionResult result = await host.RunAsync(Calls(calls));

        Assert.Equal(ErrorCode.ValidationError, result.Error!.Code);
        Assert.Equal(MostIssues, ((IEnumerable<GuardIssue>)result.Error.Data!["issues"]!).Count());
    }

    [Fact]
    public async Task What_is_found_up_to_the_limit_of_work_counts()
    {
        await using EnclaveHost host = Host(tools: 5);
        string rest = string.Concat(Enumerable.Repeat("x = [x, 1, 2, 3, 4, 5, 6, 7, 8, 9];\n", 20_000));

        ExecutionResult result = await host.RunAsync($"await callTool('unknown:name');\nlet x = 1;\n{rest}");

        Assert.Equal(ErrorCode.ValidationError, result.Error!.Code);
    }

    [Fact]
    public async Task All_names_are_sorted_once_and_not_for_each_call()
    {
        // Sorting this many names takes more than 100 kB.
        await using EnclaveHost host = Host(tools: 3_000);
        // Below the length that is examined on another thread.
        string script = Calls(90);
        Assert.Equal(ErrorCode.ValidationError, (await host.RunAsync(Calls(1))).Error!.Code);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Task<ExecutionResult> run = host.RunAsync(script);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(ErrorCode.ValidationError, (await run).Error!.Code);
        Assert.InRange(bytes, 1, 2 << 20);
    }

    [Fact]
    public async Task A_cancelled_run_ends_while_its_hints_are_looked_up()
    {
        using var cancel = new CancellationTokenSource();
        var source = new WatchedSource(cancel.Cancel);
        var options = new EnclaveOptions();
        options.Tools.Add(source);
        await using var host = new EnclaveHost(options);
        source.IsWatched = true;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync(Calls(50), cancellationToken: cancel.Token));
    }

    [Fact]
    public async Task A_tool_that_is_closed_to_the_tenant_is_not_suggested()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("orders:list", () => 1, new ToolOptions { AllowedTenants = ["a"] }).Add("other", () => 1);
        await using var host = new EnclaveHost(options);

        ExecutionResult own = await host.RunAsync("return await tools.orders.lst()", new RunOptions { Tenant = "a" });
        ExecutionResult foreign = await host.RunAsync("return await tools.orders.lst()", new RunOptions { Tenant = "b" });
        ExecutionResult hidden = await host.RunAsync("return await tools.orders.lst()",
            new RunOptions { Tenant = "a", Tools = new ToolCollection().Add("orders:list", () => 1, new ToolOptions { AllowedTenants = ["c"] }) });

        Assert.Contains("did you mean orders:list?", own.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("there is other", foreign.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("there is other", hidden.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GuardPreset.AgentScript)]
    [InlineData(GuardPreset.JavaScript)]
    public async Task A_text_that_is_too_long_for_a_name_is_not_repeated_for_each_call(GuardPreset preset)
    {
        var options = new EnclaveOptions { Preset = preset };
        options.Tools.Add("orders:list", () => 1);
        await using var host = new EnclaveHost(options);
        string calls = string.Concat(Enumerable.Repeat("console.log(callTool(n).length);\n", 60));
        string code = $"const n = `{new string('x', 500_000)}`; try {{ {calls} }} catch (e) {{ }}";

        ValidationResult verdict = host.Validate(code);
        ExecutionResult result = await host.RunAsync(code);

        Assert.InRange(verdict.Issues.Sum((issue) => issue.Message.Length + (issue.Hint?.Length ?? 0)), 0, 30_000);
        Assert.InRange(result.Error?.Message.Length ?? 0, 0, 10_000);
    }

    private static EnclaveHost Host(int tools)
    {
        var options = new EnclaveOptions();
        for (int i = 0; i < tools; i++) options.Tools.Add(string.Create(CultureInfo.InvariantCulture, $"service:read-item-{i}"), () => 1);
        return new EnclaveHost(options);
    }

    private static string Calls(int calls)
    {
        var script = new StringBuilder();
        for (int i = 0; i < calls; i++) script.Append(CultureInfo.InvariantCulture, $"tools.service.raed_{i}();\n");
        return script.ToString();
    }

    private sealed class WatchedSource(Action read) : ToolSource
    {
        private static readonly ToolDefinition[] s_tools = [.. Enumerable.Range(0, 20).Select((i) => ToolDefinition.Create(
            $"live:{(char)('a' + i)}", default, static (args, context, token) => new ValueTask<object?>(1)))];

        public bool IsWatched { get; set; }

        public override string Name => "live";

        public override IReadOnlyList<ToolDefinition> Tools
        {
            get
            {
                if (IsWatched) read();
                return s_tools;
            }
        }

        protected internal override bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool)
        {
            tool = s_tools.FirstOrDefault((known) => known.Name == name);
            return tool is not null;
        }
    }
}
