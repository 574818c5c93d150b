using Enclave.Host.Tests.Records;
using Enclave.Host.Tests.Telemetry;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <content>What an operator sees of them: figures and the audit.</content>
public abstract partial class DurableRunTests
{
    [Fact]
    public async Task Figures_and_audit_show_what_sleeps_what_is_due_and_who_did_what()
    {
        var sink = new MemorySink();
        await using var figures = new Figures((options) =>
        {
            options.WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2 };
            options.Durable = new DurableOptions { Store = Store, Keys = Keys, Grace = TimeSpan.Zero, Wakes = false };
            options.Audit = new AuditOptions { Sink = sink };
            options.Tools.Add("note", (string text) => text);
        });
        EnclaveHost host = figures.Host;
        RunOptions one = Named("one") with { Tenant = "acme", RunId = "run-1" };

        DurableRun waiting = await host.StartAsync("return await callTool('note', { text: await waitFor('go') })", one, Token);
        await host.StartAsync("await sleep('3d')", Named("two"), Token);
        await host.StartAsync("return 1", Named("three"), Token);
        await host.AnswerAsync(waiting.Waits[0].Token, "yes", Token);
        string[] counted = ["state=ended 1", "state=held 0", "state=running 0", "state=suspended 2"];
        await Within.Becomes(
            () => figures.Now("enclave.workers.active") >= 0 && counted.SequenceEqual(
                figures.Of("enclave.durable.runs").TakeLast(4).Select((figure) => $"{figure.Tags} {figure.Value}").Order(StringComparer.Ordinal)),
            "the store's runs were counted",
            () => string.Join(", ", figures.Of("enclave.durable.runs")));
        (double due, double age) = (figures.Now("enclave.durable.due"), figures.Now("enclave.durable.age"));
        await Assert.ThrowsAsync<JournalException>(() => host.ResumeAsync("nobody", cancellationToken: Token));
        await host.ResumeAsync("one", new RunOptions { Tenant = "acme" }, Token);
        await host.Runs.CancelAsync("two", cancellationToken: Token);
        await host.Runs.DeleteAsync("three", cancellationToken: Token);
        await host.Runs.AcceptRestoreAsync("two", cancellationToken: Token);
        await figures.DisposeAsync();

        Assert.Equal((1, 0), (due, age));
        Assert.Equal(["kind=signal", "kind=time"], figures.TagsOf("enclave.durable.suspensions"));
        Assert.Equal(["outcome=not_found", "outcome=ended"], figures.TagsOf("enclave.durable.wakings"));
        Assert.InRange(Assert.Single(figures.Of("enclave.durable.replay")).Value, double.Epsilon, 60);
        Assert.Equal(5, figures.Of("enclave.durable.journal").Length);
        Assert.All(figures.Of("enclave.durable.journal"), (figure) => Assert.InRange(figure.Value, 100, 10_000));
        AuditRecord[] acts = [.. sink.Records.Where((record) => record.Kind == AuditRecordKind.Durable)];
        Assert.Equal(
            [
                "start one acme", "suspend one acme", "start two", "suspend two", "start three", "end three OK", "answer one acme c_1 go", "resume one acme",
                "end one acme OK", "cancel two CANCELLED", "delete three", "accept two 0",
            ],
            acts.Select((record) => string.Join(' ', new[]
            {
                record.Act, record.Durable, record.Tenant, record.Outcome, record.Call is { } call ? $"c_{call}" : null, record.Tool, $"{record.Count}",
            }.Where((word) => !string.IsNullOrEmpty(word)))));
        Assert.All(acts.Where((record) => record.Tenant == "acme" && record.Act != "answer"), (record) => Assert.Equal("run-1", record.RunId));
    }
}
