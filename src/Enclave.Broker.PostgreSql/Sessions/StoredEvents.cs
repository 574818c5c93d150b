using System.Text;
using Enclave.Broker.Errors;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Journals;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>Reads the stored events of sessions, and sends requests to the brokers that run them.</summary>
/// <param name="database">The database.</param>
/// <param name="signals">Signals new events.</param>
/// <param name="options">The polling interval and time limits.</param>
/// <param name="here">This broker's number; null while it has none.</param>
/// <param name="clock">The clock.</param>
internal sealed class StoredEvents(Database database, ReaderSignals<long> signals, PostgreSqlStoreOptions options, Func<long?> here, TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    public void AddReader(SessionKey key) => signals.AddReader(key.Number);

    public void RemoveReader(SessionKey key) => signals.RemoveReader(key.Number);

    /// <summary>
    /// Reads the events that have this number or a later one, and waits for the first. While the database is unavailable, the call waits as long as a running
    /// session would.
    /// </summary>
    /// <exception cref="StoreException">The database was unavailable for too long.</exception>
    public async ValueTask<ReadOutcome> FollowAsync(SessionKey key, bool isSealed, long from, List<LoggedEvent> events, CancellationToken cancellationToken)
    {
        long? failing = null;
        while (true)
        {
            Task next = signals.Next(key.Number);
            try
            {
                if (await ReadAsync(key, isSealed, from, events, cancellationToken).ConfigureAwait(false) is { } outcome) return outcome;
                failing = null;
                await Task.WhenAny(next, Task.Delay(options.Poll, clock, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (StoreException) when (clock.GetElapsedTime(failing ??= clock.GetTimestamp()) < options.Patience)
            {
                await Task.Delay(s_pause, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="StoreException">The database is unavailable.</exception>
    public async ValueTask CancelAsync(SessionKey key, SessionEnd why, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            SqlStatement.Cancel, cancellationToken, key.Number, why.Reason is { } reason ? Encoding.UTF8.GetBytes(reason) : []).ConfigureAwait(false);

    /// <summary>Stores an answer and sends it to the broker that runs the session. Returns null if it was the first answer.</summary>
    /// <exception cref="StoreException">The database is unavailable.</exception>
    public async ValueTask<BrokerError?> AnswerAsync(SessionKey key, ToolAnswer answer, CancellationToken cancellationToken)
    {
        if (!OwnedSession.IsStorable(answer.Call)) return answer.NotWaiting;
        List<bool> taken = await database.RowsAsync(SqlStatement.Answer, static (_) => true,
            cancellationToken, key.Day, key.Number, answer.Call, answer.Body.ToArray()).ConfigureAwait(false);
        return taken.Count == 0 ? answer.NotWaiting : null;
    }

    /// <summary>Reads once. Returns null if there is nothing yet.</summary>
    private async Task<ReadOutcome?> ReadAsync(SessionKey key, bool isSealed, long from, List<LoggedEvent> events, CancellationToken cancellationToken)
    {
        (List<(bool Ended, long Broker)> state, List<LoggedEvent> lines) = await database.BothAsync(
            SqlStatement.HasEnded,
            [key.Number],
            static (row) => (row.GetBoolean(0), row.GetInt64(1)),
            SqlStatement.Read,
            [key.Day, key.Number, from],
            (row) => Line(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), isSealed),
            cancellationToken).ConfigureAwait(false);
        if (state.Count == 0) return ReadOutcome.Lost;
        if (lines.Count > 0)
        {
            // The numbers must have no gap: otherwise events were deleted.
            if (lines[0].Seq != from) return ReadOutcome.Lost;
            events.AddRange(lines);
            return ReadOutcome.Events;
        }

        if (state[0].Ended) return ReadOutcome.Ended;
        // Repeated at each query: the broker that runs it forgets readers that are not reported again.
        if (here() is { } broker) await database.ExecuteAsync(SqlStatement.Watch, cancellationToken, state[0].Broker, key.Number, broker).ConfigureAwait(false);
        return null;
    }

    private static LoggedEvent Line(long seq, string type, byte[] line, bool isSealed) => new(seq, type, isSealed ? default(ReadOnlyMemory<byte>) : line, line);
}
