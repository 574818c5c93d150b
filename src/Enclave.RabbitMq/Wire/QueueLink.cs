using Enclave.Limits;
using Enclave.RabbitMq.Diagnostics;
using Enclave.RabbitMq.Options;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>Keeps one connection to the server, and replaces it with growing pauses when it is lost.</summary>
internal sealed class QueueLink : IAsyncDisposable
{
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(2);
    private static readonly RetryDelay s_pause = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    private readonly QueueOptions _options;
    private readonly ConnectionFactory _factory;
    private readonly ILinkUser _user;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _life = Task.CompletedTask;
    private volatile bool _isUp;
    private int _isDisposed;

    /// <exception cref="IOException">The file with the authorities cannot be read.</exception>
    /// <exception cref="ArgumentException">The address has an unknown part.</exception>
    public QueueLink(QueueOptions options, string name, ILinkUser user, TimeProvider clock, ILogger log)
    {
        (_options, _user, _clock, _log) = (options, user, clock, log);
        _factory = QueueServer.Factory(options, name);
    }

    public bool IsUp => _isUp;

    /// <summary>Why the connection last failed.</summary>
    public string? Fault { get; private set; }

    /// <summary>Completes when it is connected for the first time.</summary>
    public Task First => _first.Task;

    public void Open()
    {
        if (_options.Address is { Scheme: "amqp", IsLoopback: false } address) QueueLog.InClear(_log, address.Host);
        _life = LiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _closed.CancelAsync().ConfigureAwait(false);
        await _life.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closed.Dispose();
    }

    private async Task LiveAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        int failures = 0;
        for (int generation = 1; !_closed.IsCancellationRequested; generation++)
        {
            if (await UseAsync(generation).ConfigureAwait(false)) failures = 0;
            if (_closed.IsCancellationRequested) return;
            QueueLog.LinkDown(_log, _options.Address!.Host, Fault ?? "");
            await Task.Delay(s_pause.Spread(++failures), _clock, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Connects, and returns when the connection is lost. Returns true if it was usable at all.</summary>
    private async Task<bool> UseAsync(int generation)
    {
        var down = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        IConnection? connection = null;
        bool wasUp = false;
        try
        {
            connection = await _factory.CreateConnectionAsync(_closed.Token).ConfigureAwait(false);
            connection.ConnectionShutdownAsync += (_, reason) =>
            {
                down.TrySetResult(reason.ReplyText);
                return Task.CompletedTask;
            };
            await _user.UpAsync(connection, generation, (why) => down.TrySetResult(why), _closed.Token).ConfigureAwait(false);
            (Fault, _isUp, wasUp) = (null, true, true);
            QueueLog.LinkUp(_log, _options.Address!.Host);
            _first.TrySetResult();
            Fault = await down.Task.WaitAsync(_closed.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            Fault = "it was closed here";
        }
        // A fault of the server affects only this connection.
        catch (Exception fault) when (QueueServer.IsGone(fault)
            || fault is System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException)
        {
            Fault = Words(fault);
        }

        _isUp = false;
        await _user.DownAsync(Fault ?? "").ConfigureAwait(false);
        if (connection is null) return wasUp;
        Task closing = CloseAsync(connection);
        // A lost connection may take long to close; the next one does not wait for it.
        if (_closed.IsCancellationRequested) await closing.WaitAsync(s_closing * 2).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return wasUp;
    }

    private static async Task CloseAsync(IConnection connection)
    {
        try
        {
            await connection.CloseAsync(s_closing).ConfigureAwait(false);
        }
        catch (Exception gone) when (QueueServer.IsGone(gone))
        {
            // The connection is already closed.
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The innermost exception has the reason; the outer one of the library only says that no address was reachable.</summary>
    private static string Words(Exception fault) => fault.GetBaseException().Message;
}
