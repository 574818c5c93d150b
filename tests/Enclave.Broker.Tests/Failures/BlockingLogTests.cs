using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Broker.Tests.Failures;

/// <summary>A log of the application that blocks or throws: sessions get their answers.</summary>
public sealed class BlockingLogTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broker_answers_while_its_log_blocks_or_throws(bool blocks)
    {
        using var log = new FaultyLog(blocks);
        await using BrokerApp app = await BrokerApp.Start(
            (services) =>
            {
                services.AddLogging((logging) => logging.AddProvider(log));
                services.AddOptions<EnclaveOptions>().Configure(TestTools.Add);
                // Nobody listens there, which is logged for each session.
                services.AddEnclaveBrokerOverRuntimes((options) => options.Runtimes.Add(new Uri("ws://127.0.0.1:1/ws")));
            },
            static (app) => app.MapEnclaveBroker().AllowAnonymous());

        for (int i = 0; i < 3; i++)
            Assert.Equal("RUNTIME_UNAVAILABLE", (await Within.Deadline(app.Run("return 1"), "answer")).Final().ErrorCode());
        Assert.True(log.WasAsked);
    }

    /// <summary>Blocks until it is disposed, or throws, at each line of ours.</summary>
    private sealed class FaultyLog(bool blocks) : ILoggerProvider, ILogger
    {
        private readonly ManualResetEventSlim _open = new();
        private volatile bool _wasAsked;

        public bool WasAsked => _wasAsked;

        // The framework's own lines are none of ours to hold.
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Enclave", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public void Dispose() => _open.Set();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _wasAsked = true;
            if (!blocks) throw new IOException("the log's disk is full");
            _open.Wait();
        }
    }
}
