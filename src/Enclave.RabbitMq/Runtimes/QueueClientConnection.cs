using System.Buffers;
using Enclave.Runtime.Connections;
using Enclave.Streaming;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>Sends the events of one run to its broker over a queue.</summary>
internal sealed class QueueClientConnection(HeldRun run, RuntimeQueueLink link) : IClientConnection
{
    public long MaxEventBytes => link.MaxMessageBytes;

    public async ValueTask<bool> SendAsync(SessionEvent sent) => (run.Ahead is null || await run.Ahead.HasRoomAsync().ConfigureAwait(false)) && TrySend(sent);

    public bool TrySend(SessionEvent sent)
    {
        var output = new ArrayBufferWriter<byte>();
        sent.WriteTo(output);
        run.Ahead?.Add(sent.Seq, output.WrittenCount);
        bool isSent = link.TrySend(run, sent.Seq, output.WrittenMemory);
        if (!isSent || sent.Payload is Final) link.OnRunEnded(run);
        return isSent;
    }

    /// <summary>Ignores everything except events: brokers at queues do not ask for more.</summary>
    public bool TrySend(ChannelMessage message) => true;
}
