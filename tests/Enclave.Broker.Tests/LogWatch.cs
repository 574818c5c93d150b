using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Tests;

/// <summary>Waits for one event of the log, as an operator would see it.</summary>
internal sealed class LogWatch(int id) : ILoggerProvider, ILogger
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the event was logged.</summary>
    public Task Seen => _seen.Task;

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == id) _seen.TrySetResult();
    }
}
