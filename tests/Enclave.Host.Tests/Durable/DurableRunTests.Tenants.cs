using Enclave.Journals;

namespace Enclave.Host.Tests.Durable;

/// <content>Runs of tenants: their number, their names, and lists of some of them.</content>
public abstract partial class DurableRunTests
{
    [Fact]
    public async Task Runs_that_begin_at_once_stay_within_the_limit_of_their_tenant_and_all_that_fit_begin()
    {
        const int Most = 10;
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxRunsPerTenant = Most);

        JournalFault?[] faults = await Task.WhenAll(Enumerable.Range(0, 4 * Most).Select((number) => Task.Run(async () =>
        {
            try
            {
                await host.StartAsync("return 1", Named($"run-{number}"), Token);
                return (JournalFault?)null;
            }
            catch (JournalException fault)
            {
                return fault.Fault;
            }
        })));

        Assert.Equal(Most, faults.Count((fault) => fault is null));
        Assert.Equal(3 * Most, faults.Count((fault) => fault == JournalFault.Full));
        Assert.Equal(Most, (await host.Runs.ListAsync(cancellationToken: Token)).Count);
    }

    [Theory]
    [InlineData("a?", null)]
    [InlineData("?b", null)]
    [InlineData("a", "t?")]
    public async Task Names_with_a_lone_surrogate_are_refused_and_find_no_other_run(string namePattern, string? tenantPattern)
    {
        // Attributes hold no lone surrogates.
        string name = namePattern.Replace('?', '\ud800');
        string? tenant = tenantPattern?.Replace('?', '\udfff');
        EnclaveHost host = Host();
        string Replaced(string text) => string.Concat(text.Select((unit) => char.IsSurrogate(unit) ? '\ufffd' : unit));
        RunOptions other = Named(Replaced(name)) with { Tenant = tenant is null ? null : Replaced(tenant) };
        DurableRun waiting = await host.StartAsync("return await waitFor('x')", other, Token);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => host.StartAsync("return 2", Named(name) with { Tenant = tenant }, Token));
        Assert.Null(await host.Runs.FindAsync(name, tenant, Token));
        Assert.Empty(await host.Runs.ListAsync(new RunQuery { Tenant = tenant ?? name }, Token));
        JournalException unknown = await Assert.ThrowsAsync<JournalException>(() => host.Runs.CancelAsync(name, tenant, Token));

        Assert.Equal(JournalFault.NotFound, unknown.Fault);
        Assert.Equal(waiting.Name, (await host.Runs.FindAsync(waiting.Name, waiting.Tenant, Token))!.Name);
    }

    [Fact]
    public async Task A_list_of_names_is_not_filled_by_other_names()
    {
        RunStore store = Host().Runs.Host.Store;
        for (int i = 0; i < 30; i++)
        {
            foreach ((string? tenant, string name) in new[] { ("acme", i < 3 ? $"mine:{i}" : $"theirs:{i}"), ("mine:", $"theirs:{i}"), (null, $"mine:{i}") })
            {
                var run = new StoredRun
                {
                    Key = new RunKey(tenant, name),
                    Journal = Guid.NewGuid(),
                    Origin = [1],
                    Created = DateTimeOffset.UnixEpoch,
                    Changed = DateTimeOffset.UnixEpoch.AddSeconds(i),
                    Entries = 1,
                    Head = [1],
                };
                IRunLease lease = (await store.CreateAsync(run, new byte[] { 1 }, Token))!;
                await lease.DisposeAsync();
            }
        }

        IReadOnlyList<StoredRun> mine = await store.ListAsync(new RunQuery { Tenant = "acme", NamePrefix = "mine:", Limit = 5 }, Token);
        IReadOnlyList<StoredRun> none = await store.ListAsync(new RunQuery { Tenant = "mine:", NamePrefix = "mine:", Limit = 5 }, Token);

        Assert.Equal(["mine:2", "mine:1", "mine:0"], mine.Select((run) => run.Key.Name));
        Assert.Empty(none);
    }
}
