using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Enclave.Broker.Executors.Transports;
using Enclave.RabbitMq.Wire;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The connection, over queues, to the runtime that was granted a run. Events arrive once and in order, or the connection counts as lost.</summary>
internal sealed class QueueRuntimeConnection(QueuedRun run, KnownRuntime runtime, IRunPublisher post, Dispatcher dispatcher, QueueOptions options)
    : IRuntimeConnection
{
    private readonly Channel<byte[]> _inbox = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes, _read, _unreported;
    private bool _hasEnded;
    private bool _wasNeverThere, _wasTooLarge;

    public string Session { get; } = run.SessionName;

    public bool HasBegun => !Volatile.Read(ref _wasNeverThere);

    public string? Fault { get; private set; }

    /// <summary>How far the run may be ahead of its reader; 0 for a runtime that does not wait.</summary>
    public int WindowBytes { get; } =
        runtime.Protocol?.Has(PeerProtocol.Credit) == true ? (int)Math.Min(options.MaxHeldBytes, EventWindow.MaxBytes) : 0;

    /// <summary>The number of the last received event. Changes on the thread that receives messages.</summary>
    public long Received { get; private set; }

    /// <summary>Takes an event. Returns false for a repeat.</summary>
    public bool TryTake(long number, ReadOnlyMemory<byte> body)
    {
        if (number <= Received) return false;
        if (number > Received + 1)
        {
            Fail($"events {Received + 1} to {number - 1} did not arrive");
            return true;
        }

        Received = number;
        if (body.Length > options.MaxMessageBytes)
        {
            Volatile.Write(ref _wasTooLarge, true);
            Fail($"the runtime sent a message larger than {options.MaxMessageBytes} bytes (MaxMessageBytes)");
        }
        else if (Interlocked.Add(ref _bytes, EventWindow.CostOf(body.Length)) > options.MaxHeldBytes + body.Length)
            Fail($"the runtime sent more than {options.MaxHeldBytes} bytes ahead of its reader (MaxHeldBytes)");
        else _inbox.Writer.TryWrite(body.ToArray());
        return true;
    }

    /// <summary>Ends the connection with a failure.</summary>
    public void Fail(string why)
    {
        Fault ??= why;
        _inbox.Writer.TryComplete();
    }

    /// <summary>Called if the runtime was lost before it knew that it may begin.</summary>
    public void FailBeforeBegin(string why)
    {
        if (Received == 0) Volatile.Write(ref _wasNeverThere, true);
        Fail(why);
    }

    public Task SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        byte[] body = Encoding.UTF8.GetBytes(message.ToJsonString());
        string? why = body.Length > options.MaxMessageBytes ? $"a message to the runtime is larger than {options.MaxMessageBytes} bytes (MaxMessageBytes)"
            : post.TryOrder(MessageTypes.Message, runtime.Id, run.Name, body) ? null
            : "the RabbitMQ server accepts no messages";
        if (why is null) return Task.CompletedTask;
        // The script would wait for ever for this message.
        Fail(why);
        throw new IOException(why);
    }

    public async IAsyncEnumerable<SessionEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (byte[] body in _inbox.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            Interlocked.Add(ref _bytes, -EventWindow.CostOf(body.Length));
            ReportRead(body.Length);
            if (RuntimeEvents.Read(body) is not { } happened) continue;
            _hasEnded = happened.Payload is Final;
            yield return happened;
        }

        if (Volatile.Read(ref _wasTooLarge)) throw new InvalidDataException(Fault);
    }

    private void ReportRead(int bodyBytes)
    {
        _read++;
        _unreported += EventWindow.CostOf(bodyBytes);
        if (!EventWindow.IsDue(_unreported, WindowBytes)) return;
        _unreported = 0;
        // Without this message the run would wait until its lifetime is over.
        if (!post.TryOrder(MessageTypes.Taken, runtime.Id, run.Name, default, _read)) Fail("the RabbitMQ server accepts no messages");
    }

    public ValueTask DisposeAsync()
    {
        // This message corresponds to closing the connection over WebSocket.
        if (!_hasEnded) post.TryOrder(MessageTypes.Drop, runtime.Id, run.Name, default);
        dispatcher.Release(run);
        return ValueTask.CompletedTask;
    }
}
