using Enclave.Guard;
using Enclave.Host.Tests.Records;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests.Fetch;

/// <summary>The tool fetch, in runs.</summary>
public sealed class FetchRunTests
{
    [Fact]
    public async Task Limits_approvals_and_the_audit_are_those_of_tools()
    {
        await using FetchBench bench = await FetchBench.Open();
        var sink = new MemorySink();
        var shown = new List<string?>();
        FetchOptions fetch = bench.Options() with { Tool = (tool) => tool with { MaxCalls = 3, RequiresApproval = true } };
        string value = await bench.Value("""
            const codes = [];
            for (const path of ['a', 'b', 'denied', 'c']) codes.push(await fetch(`ORIGIN/${path}`).then((r) => r.status, (e) => `${e.name} ${e.code}`));
            return codes;
            """, fetch, (options) =>
            {
                options.Audit = new AuditOptions { Sink = sink };
                options.OnToolApproval = (request) =>
                {
                    shown.Add(request.ShownArguments);
                    return new(request.ShownArguments!.Contains("denied", StringComparison.Ordinal) ? ToolApproval.Denied("no") : ToolApproval.Approved);
                };
            });

        Assert.Equal("[200,200,\"TypeError TOOL_APPROVAL_DENIED\",\"TypeError TOOL_MAX_CALLS\"]", value);
        Assert.Equal($$"""{"url":"{{bench.Origin}}/a"}""", shown[0]);
        Assert.Equal(4, sink.Records.Count((record) => record.ToString().Contains("fetch", StringComparison.Ordinal)
            && record.ToString().Contains("ToolCall", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task An_approval_is_for_one_origin()
    {
        await using FetchBench other = await FetchBench.Open();
        await using FetchBench bench = await FetchBench.Open();
        bench.Answer = (context) =>
        {
            context.Response.Redirect($"{other.Origin}/x");
            return Task.CompletedTask;
        };
        FetchOptions fetch = bench.Options() with
        {
            Origins = [new FetchOrigin { Origin = bench.Origin }, new FetchOrigin { Origin = other.Origin }],
            Tool = (tool) => tool with { RequiresApproval = true },
        };

        string refusal = await bench.Refusal("fetch('ORIGIN')", fetch, (options) => options.OnToolApproval = (_) => new(ToolApproval.Approved));

        Assert.Contains($"HTTP_REDIRECTED: fetch failed: the answer is a redirect to {other.Origin}, which was not", refusal, StringComparison.Ordinal);
        Assert.Empty(other.Asked);
    }

    [Fact]
    public async Task The_sequence_policy_sees_that_it_sends()
    {
        await using FetchBench bench = await FetchBench.Open();

        string value = await bench.Value("""
            await callTool('users', {});
            return await fetch('ORIGIN').then((r) => r.status, (e) => `${e.name} ${e.code}`);
            """, change: (options) =>
            {
                options.SequencePolicy = SequencePolicyOptions.Strict;
                options.Tools.Add("users", () => 1, new ToolOptions { Effects = ToolEffects.Reads, Labels = ["pii"] });
            });

        Assert.Equal("\"TypeError TOOL_SEQUENCE_BLOCKED\"", value);
        Assert.Empty(bench.Asked);
    }

    [Fact]
    public async Task A_replay_and_a_durable_run_answer_from_what_was_written()
    {
        await using FetchBench bench = await FetchBench.Open();
        await using EnclaveHost host = bench.Host(change: (options) => options.Durable = new DurableOptions { Grace = TimeSpan.FromMilliseconds(20) });
        const string Code = "const r = await fetch('ORIGIN/once', { method: 'POST', body: 'b' }); const t = (await r.json()).line;";

        ExecutionResult recorded = await bench.Run(host, $"{Code} return [t, Math.random()]", new RunOptions { Record = true });
        ReplayReport report = await Within.Deadline(host.ReplayAsync(recorded.Recording!), "replay");
        Assert.True(report.Matches, $"{report.Difference?.Place}");
        Assert.Single(bench.Asked);
        await using (var without = new EnclaveHost())
        {
            ArgumentException fault = await Assert.ThrowsAsync<ArgumentException>(() => without.ReplayAsync(recorded.Recording!));
            Assert.Contains("which this host does not have", fault.Message, StringComparison.Ordinal);
        }

        string durable = bench.Text($"{Code} return [t, await waitFor('go')]");
        DurableRun waiting = await Within.Deadline(host.StartAsync(durable, new RunOptions { Durable = "d" }), "start");
        Assert.Equal(DurableRunState.Suspended, waiting.State);
        await host.AnswerAsync(Assert.Single(waiting.Waits).Token, "went", TestContext.Current.CancellationToken);
        DurableRun ended = await Within.Deadline(host.Runs.WaitAsync("d"), "the run");
        Assert.Equal("[\"POST /once\",\"went\"]", ended.Result!.Value.ToJsonString());
        Assert.Equal(2, bench.Asked.Count);
    }

    [Fact]
    public async Task It_comes_from_configuration()
    {
        await using FetchBench bench = await FetchBench.Open();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Enclave:Fetch:Timeout"] = "10s",
            ["Enclave:Fetch:MaxResponseBytes"] = "64KB",
            ["Enclave:Fetch:Origins:0:Origin"] = bench.Origin,
            ["Enclave:Fetch:Origins:0:Methods"] = "GET, POST",
            ["Enclave:Fetch:Origins:0:Credential"] = "Header X-Api-Key API_KEY",
        }).Build();
        await using ServiceProvider services = new ServiceCollection().AddLogging()
            .AddEnclave(configuration.GetSection("Enclave")).Configure((options) => options.Secrets = SecretSources.Of((_, _, _) => new("secret-value")))
            .Services.BuildServiceProvider();
        IEnclave enclave = services.GetRequiredService<IEnclave>();

        ExecutionResult result = await Within.Deadline(enclave.RunAsync(bench.Text("return (await fetch('ORIGIN', { method: 'POST' })).status")), "answer");

        Assert.True(result.Success, $"{result.Error?.Message}");
        Assert.Equal("secret-value", Assert.Single(bench.Asked).Headers["x-api-key"]);
    }

    [Fact]
    public async Task A_body_that_the_sidecar_keeps_is_read_as_any_other()
    {
        await using FetchBench bench = await FetchBench.Open((context) => context.Response.WriteAsync(new string('x', 300_000)));

        Assert.Equal("[200,300000]", await bench.Value(
            "const r = await fetch('ORIGIN'); return [r.status, (await r.text()).length]",
            change: (options) => options.Sidecar = new SidecarOptions { Enabled = true }));
    }
}
