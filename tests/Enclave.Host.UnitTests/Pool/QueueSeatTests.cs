using Enclave.Queues;
using Enclave.Tests;

namespace Enclave.Host.Tests.Pool;

/// <summary>Seats of jobs on their way into a queue.</summary>
public sealed class QueueSeatTests
{
    [Fact]
    public void Whatever_is_taken_and_given_back_in_any_order_and_twice_the_counts_are_those_of_the_seats_held()
    {
        var random = new Random(20261126);
        for (int round = 0; round < TestSize.Of(200, 20_000); round++)
        {
            var gate = new Lock();
            var seats = new QueueSeats(gate);
            var held = new List<(string Tenant, IDisposable Seat)>();
            var given = new List<IDisposable>();
            for (int step = 0; step < 60; step++)
            {
                string tenant = $"t{random.Next(3)}";
                switch (random.Next(4))
                {
                    case 0 or 1: lock (gate) held.Add((tenant, seats.Take(tenant))); break;
                    case 2 when held.Count > 0:
                        int chosen = random.Next(held.Count);
                        held[chosen].Seat.Dispose();
                        given.Add(held[chosen].Seat);
                        held.RemoveAt(chosen);
                        break;
                    case 3 when given.Count > 0: given[random.Next(given.Count)].Dispose(); break;
                }

                Assert.Equal(new QueueAhead(held.Count, held.Count((one) => one.Tenant == tenant)), seats.Ahead(tenant));
            }
        }
    }

    [Fact]
    public async Task Seats_are_given_back_from_any_thread()
    {
        var gate = new Lock();
        var seats = new QueueSeats(gate);
        IDisposable[] taken = [.. Enumerable.Range(0, 1000).Select((i) =>
        {
            lock (gate) return seats.Take($"t{i % 7}");
        })];

        await Task.WhenAll(taken.Concat(taken).Select((seat) => Task.Run(seat.Dispose)));

        Assert.Equal(default, seats.Ahead("t3"));
    }
}
