using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Enclave.Cluster.Live;

/// <summary>Reads from RabbitMQ how many runs wait in the queue of the cluster's sessions.</summary>
internal sealed class QueueDepth(Uri server, SecurityLevel level) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly string _queue = $"enclave.runs.{Part.Word(level)}.default";
    private IConnection? _connection;

    /// <summary>The number of waiting runs; null if the server does not answer.</summary>
    public async Task<uint?> ReadAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            _connection ??= await new ConnectionFactory
            {
                Uri = server,
                AutomaticRecoveryEnabled = false,
                ContinuationTimeout = s_patience,
                HandshakeContinuationTimeout = s_patience
            }.CreateConnectionAsync(patience.Token).ConfigureAwait(false);
            // The server closes the channel if there is no such queue.
            IChannel channel = await _connection.CreateChannelAsync(cancellationToken: patience.Token).ConfigureAwait(false);
            await using (channel.ConfigureAwait(false))
                return (await channel.QueueDeclarePassiveAsync(_queue, patience.Token).ConfigureAwait(false)).MessageCount;
        }
        catch (Exception fault) when (fault is RabbitMQClientException or IOException or TimeoutException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (fault is not OperationInterruptedException { ShutdownReason.Initiator: ShutdownInitiator.Peer }) await DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        IConnection? connection = Interlocked.Exchange(ref _connection, null);
        if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
    }
}
