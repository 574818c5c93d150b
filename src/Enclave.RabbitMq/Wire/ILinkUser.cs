using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>What a connection is for.</summary>
internal interface ILinkUser
{
    /// <summary>The connection is there: declares what is needed and begins to use it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="generation">How often there was one.</param>
    /// <param name="broken">To be called when a part of it is lost: all of it is made anew.</param>
    /// <param name="cancellationToken">The link is closed.</param>
    Task UpAsync(IConnection connection, int generation, Action<string> broken, CancellationToken cancellationToken);

    /// <summary>It is gone.</summary>
    Task DownAsync(string why);
}
