using System.Globalization;
using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Statements;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Messages;

/// <summary>Receives the messages of other brokers over one connection that listens to this broker's own channel. Polling finds lost messages.</summary>
internal sealed class Mailbox(Database database, long broker, Action<string> take, Action<string> fleet, Action listening, TimeProvider clock, ILogger log)
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
            connection.Notification += (_, message) => (message.Channel == SqlStatement.FleetChannel ? fleet : take)(message.Payload);
            var command = new NpgsqlCommand(
                string.Create(CultureInfo.InvariantCulture, $"LISTEN enclave_{broker}; LISTEN {SqlStatement.FleetChannel}"), connection);
            await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            listening();
            while (true) await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
