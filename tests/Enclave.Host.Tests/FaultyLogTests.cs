using Enclave.Tests;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests;

/// <summary>
/// Logs of the application that throw or block: the host answers and lives. An exception on one of its own threads would end the process, and a wait there
/// would hold every run.
/// </summary>
public sealed class FaultyLogTests : IAsyncLifetime
{
    private readonly TestLauncher _launcher = new(TestLauncher.Real());
    private readonly TestGate _gate = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _launcher.AssertNoneLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_whose_log_throws_kills_a_worker_at_its_deadline_and_runs_the_next_job(bool already)
    {
        await using EnclaveHost host = Host(new FaultyLog(already));
        Task<ExecutionResult> run = host.RunAsync(TestGate.Script, new RunOptions { Timeout = TimeSpan.FromMilliseconds(300) });
        await _gate.Arrival();
        // The worker cannot end the run by itself, so the thread of the clock kills it.
        ProcessTable.Signal(_launcher.Pids[0], ProcessTable.Stop);

        Assert.Equal(ErrorCode.Timeout, (await Within.Deadline(run, "answer")).Error!.Code);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next job")).Success);
    }

    [Fact]
    public async Task A_host_whose_log_throws_outlives_a_worker_that_crashes()
    {
        await using EnclaveHost host = Host(new FaultyLog(already: false));
        Task<ExecutionResult> run = host.RunAsync(TestGate.Script);
        await _gate.Arrival();
        ProcessTable.Signal(_launcher.Pids[0], ProcessTable.Kill);

        Assert.Equal(ErrorCode.WorkerCrashed, (await Within.Deadline(run, "answer")).Error!.Code);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next job")).Success);
    }

    [Fact]
    public async Task A_console_handler_that_throws_into_a_log_that_throws_gets_every_line()
    {
        int lines = 0;
        await using EnclaveHost host = Host(new FaultyLog(already: false));

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("console.log('a'); console.log('b'); return 1", new RunOptions
            {
                OnConsole = (_) =>
                {
                    Interlocked.Increment(ref lines);
                    throw new InvalidOperationException("the handler fails");
                },
            }),
            "answer");

        Assert.True(result.Success);
        Assert.Equal(2, lines);
    }

    [Fact]
    public async Task A_host_whose_log_blocks_kills_a_worker_at_its_deadline_and_runs_the_next_job()
    {
        using var log = new BlockingLog();
        await using EnclaveHost host = Host(log);
        Task<ExecutionResult> run = host.RunAsync(TestGate.Script, new RunOptions { Timeout = TimeSpan.FromMilliseconds(300) });
        await _gate.Arrival();
        ProcessTable.Signal(_launcher.Pids[0], ProcessTable.Stop);

        Assert.Equal(ErrorCode.Timeout, (await Within.Deadline(run, "answer")).Error!.Code);
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer of the next job")).Success);
        Assert.True(log.IsBlocked);
    }

    private EnclaveHost Host(ILoggerFactory log) => new(
        new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, StartTimeout = TimeSpan.FromSeconds(20) },
            ToolHandler = _gate.Handle,
        }.WithoutGuard(),
        log,
        _launcher);

    /// <summary>A log whose first line waits until it is disposed.</summary>
    private sealed class BlockingLog : ILoggerFactory, ILogger
    {
        private readonly ManualResetEventSlim _open = new();
        private volatile bool _isBlocked;

        public bool IsBlocked => _isBlocked;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() => _open.Set();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _isBlocked = true;
            _open.Wait();
        }
    }

    /// <summary>A log that throws what Microsoft.Extensions.Logging throws if a provider does.</summary>
    /// <param name="already">True if it throws already when it is asked whether a level is enabled.</param>
    private sealed class FaultyLog(bool already) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw Fault();

        public bool IsEnabled(LogLevel logLevel) => already ? throw Fault() : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw Fault();

        private static AggregateException Fault() => new(new IOException("the log's disk is full"));
    }
}
