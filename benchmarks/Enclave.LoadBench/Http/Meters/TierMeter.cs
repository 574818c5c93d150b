using System.Globalization;

namespace Enclave.LoadBench.Http.Meters;

/// <summary>Reads the CPU time, writes and messages of each part of a tier.</summary>
/// <param name="broker">The broker's process.</param>
/// <param name="runtimes">The runtimes' processes; none if the broker runs scripts itself.</param>
/// <param name="database">The store's server; null for none.</param>
/// <param name="queues">The queues' server; null for none.</param>
internal sealed class TierMeter(int broker, IReadOnlyCollection<int> runtimes, PostgresMeter? database, RabbitMeter? queues)
{
    /// <summary>Reads all meters, the processes' times first, so that a load does not include the cost of the meters.</summary>
    public async Task<Reading> EndAsync()
    {
        var reading = new Reading();
        Times(reading);
        await CountsAsync(reading);
        return reading;
    }

    /// <summary>Reads all meters, the processes' times last.</summary>
    public async Task<Reading> BeginAsync()
    {
        var reading = new Reading();
        await CountsAsync(reading);
        Times(reading);
        return reading;
    }

    /// <summary>The memory of each part in bytes. Shared pages are divided among their processes.</summary>
    public Dictionary<string, double> Memory()
    {
        var times = ProcessTimes.Read();
        var memory = new Dictionary<string, double> { [Reading.Broker] = Proportional(broker) };
        if (runtimes.Count > 0) memory[Reading.Runtimes] = runtimes.Sum(Proportional);
        memory[Reading.Workers] = new[] { broker }.Concat(runtimes).Sum((host) => times.Tree(host).Skip(1).Sum(Proportional));
        if (database is not null) memory[Reading.Postgres] = times.Tree(database.Server).Sum(Proportional);
        if (queues is not null) memory[Reading.Rabbit] = times.Tree(queues.Server).Sum(Proportional);
        return memory;
    }

    private async Task CountsAsync(Reading reading)
    {
        if (database is not null) await database.ReadAsync(reading);
        if (queues is not null) await queues.ReadAsync(reading, [broker], runtimes);
    }

    private void Times(Reading reading)
    {
        var times = ProcessTimes.Read();
        int[] hosts = [broker, .. runtimes];
        reading.Cpu[Reading.Broker] = times.OwnOf(broker);
        if (runtimes.Count > 0) reading.Cpu[Reading.Runtimes] = runtimes.Sum(times.OwnOf);
        reading.Cpu[Reading.Workers] = hosts.Sum((host) => times.TreeOf(host) - times.OwnOf(host));
        if (database is not null) reading.Cpu[Reading.Postgres] = times.TreeOf(database.Server);
        if (queues is not null) reading.Cpu[Reading.Rabbit] = times.TreeOf(queues.Server);
        reading.Cpu[Reading.Load] = times.OwnOf(Environment.ProcessId);
    }

    private static double Proportional(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/smaps_rollup").First((one) => one.StartsWith("Pss:", StringComparison.Ordinal));
            return 1024 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }
}
