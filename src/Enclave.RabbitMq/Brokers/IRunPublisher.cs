namespace Enclave.RabbitMq.Brokers;

/// <summary>Publishes runs and orders for the dispatcher.</summary>
internal interface IRunPublisher
{
    /// <summary>Declares a queue. Returns true if it exists afterwards.</summary>
    Task<bool> TryDeclareAsync(string lane);

    /// <summary>Publishes a run to its queue.</summary>
    /// <param name="run">The run, which may change meanwhile.</param>
    /// <param name="name">Its name in this message.</param>
    /// <param name="body">The message.</param>
    /// <param name="expires">The time after which no runtime may take it.</param>
    Task<PublishOutcome> PublishAsync(QueuedRun run, string name, ReadOnlyMemory<byte> body, TimeSpan expires);

    /// <summary>Sends a message to a runtime. Returns false if it cannot be sent.</summary>
    /// <param name="kind">One of <see cref="Wire.MessageTypes"/>.</param>
    /// <param name="runtime">The receiver.</param>
    /// <param name="run">The run it belongs to; null for none.</param>
    /// <param name="body">The message.</param>
    /// <param name="number">The number of an event; 0 for none.</param>
    bool TryOrder(string kind, string runtime, string? run, ReadOnlyMemory<byte> body, long number = 0);
}
