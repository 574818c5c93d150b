namespace Enclave.RabbitMq.Brokers;

/// <summary>Publishes runs and orders for the dispatcher.</summary>
internal interface IRunPublisher
{
    /// <summary>Makes a queue, if it is not there; whether it is.</summary>
    Task<bool> TryDeclareAsync(string lane);

    /// <summary>Puts a run into its queue.</summary>
    /// <param name="run">The run, which may change meanwhile.</param>
    /// <param name="name">Its name in this message.</param>
    /// <param name="body">The message.</param>
    /// <param name="expires">When no runtime may take it any more.</param>
    Task<PublishOutcome> PublishAsync(QueuedRun run, string name, ReadOnlyMemory<byte> body, TimeSpan expires);

    /// <summary>Sends a message to a runtime; whether it is on its way.</summary>
    /// <param name="kind">One of <see cref="Wire.MessageTypes"/>.</param>
    /// <param name="runtime">To whom.</param>
    /// <param name="run">Of which run; null for none.</param>
    /// <param name="body">The message.</param>
    /// <param name="number">The number of an event; 0 for none.</param>
    bool TryOrder(string kind, string runtime, string? run, ReadOnlyMemory<byte> body, long number = 0);
}
