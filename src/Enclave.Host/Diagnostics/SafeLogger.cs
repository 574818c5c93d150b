using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Diagnostics;

/// <summary>
/// The application's logger, without its exceptions and its waits. Microsoft.Extensions.Logging passes on a provider's exceptions, and a provider may block for
/// any time. On a thread of the host an exception would end the process, and a block would delay answers and kills.
/// </summary>
/// <remarks>
/// A thread of its own writes the lines, in order, with the activity and scopes of the caller. A caller waits until its line is written, for one second at
/// most. While the provider is blocked no caller waits: 1,000 lines are kept, and the others are lost, as are lines that the provider fails to write.
/// </remarks>
internal sealed class SafeLogger : ILogger
{
    private const int MaxLines = 1_000;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    // One safe logger for each logger of the application, so that there is one thread for each category.
    private static readonly ConditionalWeakTable<ILogger, SafeLogger> s_known = [];

    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Queue<Line> _lines = new();
    private Thread? _writer;
    private bool _isBlocked;

    private SafeLogger(ILogger logger) => _logger = logger;

    /// <summary>Returns a logger that neither throws nor blocks.</summary>
    /// <param name="logger">The application's; null for none.</param>
    public static ILogger Of(ILogger? logger) => logger switch
    {
        null => NullLogger.Instance,
        SafeLogger or NullLogger => logger,
        _ => s_known.GetValue(logger, static (inner) => new SafeLogger(inner)),
    };

    /// <summary>Returns a factory of loggers that neither throw nor block.</summary>
    /// <param name="loggers">The application's; null for none. They are not disposed.</param>
    public static ILoggerFactory Of(ILoggerFactory? loggers) => loggers is null ? NullLoggerFactory.Instance : new Factory(loggers);

#pragma warning disable CA1031 // A provider may throw anything, and there is no other log to report it to.
    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = new Line(() => _logger.Log(logLevel, eventId, state, exception, formatter));
        // A provider that uses the host may cause a line itself.
        if (Thread.CurrentThread == Volatile.Read(ref _writer)) line.Write();
        else Hand(line);
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return _logger.BeginScope(state);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private void Hand(Line line)
    {
        lock (_gate)
        {
            if (_lines.Count >= MaxLines) return;
            _lines.Enqueue(line);
            Monitor.PulseAll(_gate);
            if (_writer is null && !TryStart_NeedsLock()) return;
            long until = Environment.TickCount64 + (long)s_grace.TotalMilliseconds;
            while (!_isBlocked && !line.IsWritten)
            {
                long left = until - Environment.TickCount64;
                if (left > 0)
                {
                    Monitor.Wait(_gate, (int)left);
                    continue;
                }

                _isBlocked = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Starts the thread. Returns false if the machine has none: the next line tries again.</summary>
    private bool TryStart_NeedsLock()
    {
        var writer = new Thread(WriteAll) { IsBackground = true, Name = "enclave log" };
        _writer = writer;
        try
        {
            // The thread does not need the caller's context: each line has its own.
            writer.UnsafeStart();
            return true;
        }
        catch (Exception)
        {
            _writer = null;
            return false;
        }
    }

    private void WriteAll()
    {
        while (Next() is { } line)
        {
            line.Write();
            lock (_gate)
            {
                line.IsWritten = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The next line; null when none came for a second, which ends the thread.</summary>
    private Line? Next()
    {
        lock (_gate)
        {
            if (_lines.Count == 0) _isBlocked = false;
            if (_lines.Count == 0) Monitor.Wait(_gate, s_grace);
            if (_lines.TryDequeue(out Line? line)) return line;
            _writer = null;
            return null;
        }
    }

    private sealed class Factory(ILoggerFactory loggers) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => Of(loggers.CreateLogger(categoryName));

        public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

        public void Dispose()
        {
        }
    }

    private sealed class Line(Action write)
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        /// <summary>True when the provider has returned. The gate guards it.</summary>
        public bool IsWritten { get; set; }

        public void Write()
        {
            try
            {
                if (_context is null) write();
                else ExecutionContext.Run(_context, static (write) => ((Action)write!)(), write);
            }
            catch (Exception)
            {
                // Continue without this line.
            }
        }
    }
#pragma warning restore CA1031
}
