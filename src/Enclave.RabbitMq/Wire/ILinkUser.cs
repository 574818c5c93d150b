using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>Uses a connection to the server.</summary>
internal interface ILinkUser
{
    /// <summary>Called when connected: declares queues and begins to use the connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="generation">The number of the connection, counted up.</param>
    /// <param name="broken">To be called when a part of the connection fails: it is then replaced as a whole.</param>
    /// <param name="cancellationToken">Cancelled when the link is closed.</param>
    Task UpAsync(IConnection connection, int generation, Action<string> broken, CancellationToken cancellationToken);

    /// <summary>Called when the connection is lost.</summary>
    Task DownAsync(string why);
}
