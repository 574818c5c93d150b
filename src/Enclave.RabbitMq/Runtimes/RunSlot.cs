namespace Enclave.RabbitMq.Runtimes;

/// <summary>Room for one session: a consumer that takes one run, and is gone while that runs.</summary>
internal sealed class RunSlot(string queue)
{
    public string Queue => queue;

    /// <summary>The consumer's name at the server; null while there is none.</summary>
    public string? Consumer { get; set; }
}
