using Enclave.Broker.Errors;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Sessions;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests;

/// <summary>The limit of openings per minute of one owner, over all brokers.</summary>
public sealed class CapTests(PostgresServer server)
{
    private static BrokerOptions Slow
    {
        get
        {
            BrokerOptions options = TestBroker.Options;
            options.RequestsPerMinute = 30;
            return options;
        }
    }

    [Fact]
    public async Task Brokers_take_from_one_bucket()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker here = await TestBroker.On(database.Broker, Slow), there = await TestBroker.On(database.Broker, Slow);

        (ISessionView? Session, BrokerError? Refusal)[] answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select((i) => (i % 2 == 0 ? here : there).TryOpen(TestBroker.By("alice"), TestBroker.Asks("print"))));
        (ISessionView? bobs, _) = await here.TryOpen(TestBroker.By("bob"), TestBroker.Asks("print"));

        // One more for each 2 s of the test.
        Assert.InRange(answers.Count((answer) => answer.Session is not null), 30, 45);
        BrokerError refusal = answers.First((answer) => answer.Refusal is not null).Refusal!;
        Assert.Equal((429, "RATE_LIMITED"), (refusal.Status, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.NotNull(bobs);
    }

    [Theory]
    [InlineData("1 day")]
    [InlineData("-1 day")]
    public async Task A_step_of_the_servers_clock_neither_starves_an_owner_nor_gives_more_than_a_bucket(string step)
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker broker = await TestBroker.On(database.Broker, Slow);
        await broker.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print"));

        // Rows written before the step are now that far ahead of the clock, or behind it.
        await database.ExecuteAsync($"UPDATE enclave.bucket SET tokens = 0, filled_at = now() + interval '{step}'");
        int taken = 0;
        await Within.Becomes(
            () => broker.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print")).Result.Session is not null, "the owner could open a session");
        while ((await broker.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print"))).Session is not null) taken++;

        Assert.InRange(taken, 0, 60);
        Assert.InRange(await database.ScalarAsync<double>("SELECT tokens FROM enclave.bucket"), 0, 30);
    }
}
