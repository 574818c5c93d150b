using System.Globalization;
using Enclave.Client;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Failures;

/// <summary>A broker process that is killed and started again.</summary>
public sealed class BrokerDeathTests
{
    /// <summary>A tool that waits for as long as the broker lives.</summary>
    private const string Wait = "wait=tail --pid=$PPID -f /dev/null";

    [Fact]
    public async Task A_client_learns_that_its_session_is_gone_and_the_next_one_runs()
    {
        CliServer broker = await CliServer.Broker(options: ["--tool", Wait]);
        await using var client = new EnclaveClient(
            new EnclaveClientOptions { BaseUrl = broker.Address, ReconnectDelay = TimeSpan.FromMilliseconds(200), MaxReconnectAttempts = 100 });
        await using ClientSession session = await Within.Deadline(client.StartAsync("return await callTool('wait', {})"), "start");
        await Called(session);
        int[] workers = Children(broker.Pid);
        Assert.NotEmpty(workers);

        await using (broker) broker.Kill();
        await using CliServer again = await CliServer.Broker(broker.Address.Port);
        SessionResult lost = await Within.Deadline(session.Completion, "end of the lost session");
        SessionResult next = await Within.Deadline(client.ExecuteAsync("return 'here again'"), "result");

        Assert.Equal("RECONNECT_FAILED", lost.Error?.Code);
        Assert.Equal("here again", next.Value?.GetString());
        await Within.Becomes(() => workers.All((pid) => !ProcessTable.Exists(pid)), "nothing of the killed broker ran on");
    }

    [Fact]
    public async Task Without_a_broker_a_client_gives_up_after_its_tries()
    {
        CliServer broker = await CliServer.Broker(options: ["--tool", Wait]);
        await using var client = new EnclaveClient(
            new EnclaveClientOptions { BaseUrl = broker.Address, ReconnectDelay = TimeSpan.FromMilliseconds(10), MaxReconnectAttempts = 3 });
        await using ClientSession session = await Within.Deadline(client.StartAsync("return await callTool('wait', {})"), "start");
        await Called(session);

        await using (broker) broker.Kill();
        SessionResult lost = await Within.Deadline(session.Completion, "end of the lost session");

        Assert.Equal("NETWORK_ERROR", lost.Error?.Code);
    }

    private static async Task Called(ClientSession session)
    {
        await foreach (SessionEvent happened in session.Events)
        {
            if (happened.Payload is ToolCall) return;
        }

        Assert.Fail($"the session ended before its call: {(await session.Completion).Error}");
    }

    /// A child belongs to the thread that started it.
    private static int[] Children(int pid) =>
    [
        .. Directory.EnumerateDirectories($"/proc/{pid}/task")
        .SelectMany((thread) => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select((child) => int.Parse(child, CultureInfo.InvariantCulture)),
    ];
}
