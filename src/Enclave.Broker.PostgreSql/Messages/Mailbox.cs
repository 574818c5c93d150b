using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Statements;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Messages;

/// <summary>Receives messages over one connection. Polling finds lost ones.</summary>
/// <param name="database">The database.</param>
/// <param name="channels">What to do with the messages of each channel.</param>
/// <param name="listening">Called each time it begins to listen: messages before were lost.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class Mailbox(
    Database database, IReadOnlyDictionary<string, Action<string>> channels, Action listening, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (Database.IsOutage(fault) || fault is OperationCanceledException)
            {
                StoreLog.DeafMailbox(log, fault.Message);
            }

            await Task.Delay(s_pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            connection.Notification += (_, message) => channels[message.Channel](message.Payload);
            var command = new NpgsqlCommand(string.Concat(channels.Keys.Select((channel) => $"LISTEN {channel};")), connection);
            await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            listening();
            while (true) await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
