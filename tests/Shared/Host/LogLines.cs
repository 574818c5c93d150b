using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests;

/// <summary>A log that keeps every line for the test: the event's id, the level, the text.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> _lines = new();
    private readonly ConcurrentQueue<string> _faults = new();

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> All => [.. _lines];

    /// <summary>The exceptions of all lines, as a sink would write them.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    public IEnumerable<string> Texts => All.Select((line) => line.Text);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
        if (exception is not null) _faults.Enqueue(exception.ToString());
    }
}
