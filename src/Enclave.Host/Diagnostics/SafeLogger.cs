using Microsoft.Extensions.Logging;

namespace Enclave.Diagnostics;

/// <summary>
/// The application's logger, without its exceptions. Microsoft.Extensions.Logging throws what a provider throws, and on a thread of the host
/// such an exception would end the process.
/// </summary>
/// <param name="logger">The application's logger. Lines that it fails to write are lost.</param>
internal sealed class SafeLogger(ILogger logger) : ILogger
{
#pragma warning disable CA1031 // A provider may throw anything, and there is no other log to report it to.
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // The event itself goes on.
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return logger.BeginScope(state);
        }
        catch (Exception)
        {
            return null;
        }
    }
#pragma warning restore CA1031
}
