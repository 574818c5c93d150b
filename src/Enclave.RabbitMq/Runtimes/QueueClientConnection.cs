using System.Buffers;
using System.Text.Json;
using Enclave.Runtime.Connections;
using Enclave.Streaming;
using Enclave.Streaming.Events;
using Enclave.Streaming.Json;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>The way of one run's events to its broker.</summary>
internal sealed class QueueClientConnection(HeldRun run, QueueWorker worker) : IClientConnection
{
    public long MaxEventBytes => worker.MaxMessageBytes;

    public bool TrySend(SessionEvent sent)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, JsonWriting.Options)) EventWriter.Write(writer, sent);
        bool isSent = worker.TrySend(run, sent.Seq, output.WrittenMemory);
        if (!isSent || sent.Payload is Final) worker.Ended(run);
        return isSent;
    }

    /// <summary>Nothing but events goes this way: brokers do not ask for more.</summary>
    public bool TrySend(ChannelMessage message) => true;
}
