using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Enclave.LoadBench.Http.Meters;

/// <summary>Measures the messages in the queues, and finds the server's process.</summary>
internal sealed partial class RabbitMeter : IAsyncDisposable
{
    private const int Listens = 0x0A;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    private readonly HttpClient _http = new() { Timeout = s_patience };
    private readonly int _port;
    private readonly Uri? _figures;

    private RabbitMeter(int port, int server, Uri? figures) => (_port, Server, _figures) = (port, server, figures);

    public int Server { get; }

    /// <param name="file">The file with the server's address.</param>
    /// <param name="figures">The address of its plugin <c>rabbitmq_prometheus</c>; null if it has none. Then messages are not counted.</param>
    public static async Task<RabbitMeter> OpenAsync(string file, Uri? figures)
    {
        var address = new Uri((await File.ReadAllTextAsync(file)).Trim());
        int port = address.Port > 0 ? address.Port : address.Scheme == "amqps" ? 5671 : 5672;
        int server = OwnerOf(port)
            ?? throw new BenchException($"the server of {file} is not on this machine, or of another user: its CPU time cannot be measured");
        return new RabbitMeter(port, server, figures);
    }

    public async Task ReadAsync(Reading reading, IReadOnlyCollection<int> brokers, IReadOnlyCollection<int> runtimes)
    {
        if (_figures is not null) Messages(await _http.GetStringAsync(_figures), reading);
        List<(int Process, double Bytes)> connections = await ConnectionsAsync();
        reading.Counts[Reading.QueueConnections] = connections.Count;
        reading.Counts[Reading.BrokerQueueBytes] = connections.Where((one) => brokers.Contains(one.Process)).Sum((one) => one.Bytes);
        reading.Counts[Reading.RuntimeQueueBytes] = connections.Where((one) => runtimes.Contains(one.Process)).Sum((one) => one.Bytes);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Messages(string page, Reading reading)
    {
        reading.Counts[Reading.MessagesIn] = Sum("rabbitmq_global_messages_received_total");
        reading.Counts[Reading.MessagesOut] = Sum("rabbitmq_global_messages_delivered_total");

        double Sum(string name)
        {
            double[] samples = [.. page.Split('\n').Where((line) => line.StartsWith(name, StringComparison.Ordinal))
                .Select((line) => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))];
            return samples.Length > 0 ? samples.Sum() : throw new BenchException($"{name} is not among the server's figures");
        }
    }

    /// <summary>The connections to the server, with their owners and the bytes of both directions, as the kernel counts them.</summary>
    private async Task<List<(int Process, double Bytes)>> ConnectionsAsync()
    {
        var start = new ProcessStartInfo("ss", ["-tinpOH", "state", "established", $"( dport = :{_port} )"]) { RedirectStandardOutput = true };
        using Process look = Process.Start(start)!;
        string text = await look.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await look.WaitForExitAsync().WaitAsync(s_patience);
        if (look.ExitCode != 0) throw new BenchException($"ss ended with {look.ExitCode}: the bytes of connections cannot be counted");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select((line) => ((int)Number(Owner(), line), Number(Sent(), line) + Number(Received(), line)))];
    }

    // A missing number means zero: the connection received nothing.
    private static double Number(Regex pattern, string line) =>
        pattern.Match(line) is { Success: true } found ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    /// <summary>The process that listens on a port of this machine; null if it is not visible to us.</summary>
    private static int? OwnerOf(int port)
    {
        string[] sockets = [.. s_tables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select((line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where((fields) => fields.Length > 9 && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal)
                && fields[3] == Listens.ToString("X2", CultureInfo.InvariantCulture))
            .Select((fields) => $"socket:[{fields[9]}]")];
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where((one) => char.IsAsciiDigit(Path.GetFileName(one)[0])))
        {
            try
            {
                if (Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")).Any((open) => sockets.Contains(new FileInfo(open).LinkTarget)))
                    return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // The process ended, or belongs to another user.
            }
        }

        return null;
    }

    [GeneratedRegex(@"pid=(\d+)")]
    private static partial Regex Owner();

    [GeneratedRegex(@"bytes_sent:(\d+)")]
    private static partial Regex Sent();

    [GeneratedRegex(@"bytes_received:(\d+)")]
    private static partial Regex Received();
}
