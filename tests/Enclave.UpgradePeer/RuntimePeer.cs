using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.RabbitMq;
using Enclave.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Enclave.UpgradePeer;

/// <summary>A runtime, as <c>enclave runtime</c> starts and stops it.</summary>
internal static class RuntimePeer
{
    public static async Task<int> RunAsync(PeerSettings settings)
    {
        using var asked = new CancellationTokenSource();
        using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, (context) =>
        {
            context.Cancel = true;
            asked.Cancel();
        });
        using ILoggerFactory log = LoggerFactory.Create(
            (logging) => logging.AddSimpleConsole((console) => console.SingleLine = true).Services.Configure<ConsoleLoggerOptions>(
                static (console) => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions
        {
            Port = settings.Port,
            MaxSessions = settings.MaxSessions,
            SecurityLevel = SecurityLevel.Standard,
            DrainTimeout = TimeSpan.FromSeconds(settings.DrainSeconds),
        });
        await runtime.StartAsync();
        QueueRuntime? queues = settings.Queue is { } queue
            ? QueueRuntime.Start(runtime, new QueueRuntimeOptions { Address = new Uri(queue), Prefix = settings.Prefix }, log.CreateLogger("Enclave.RabbitMq"))
            : null;
        Console.WriteLine(JsonSerializer.Serialize(new { listening = runtime.Address }));
        await Task.Delay(Timeout.Infinite, asked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (queues is not null) await queues.StopAsync();
        await runtime.StopAsync();
        if (queues is not null) await queues.DisposeAsync();
        return 0;
    }
}
