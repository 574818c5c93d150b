namespace Enclave.RabbitMq.Runtimes;

/// <summary>A slot for one session: its consumer takes one run, and is cancelled while the run is in progress.</summary>
internal sealed class RunSlot(string queue)
{
    public string Queue => queue;

    /// <summary>The consumer's name at the server; null while there is none.</summary>
    public string? Consumer { get; set; }
}
