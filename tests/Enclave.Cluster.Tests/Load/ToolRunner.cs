using System.Net;
using System.Text.Json;
using Enclave.Cluster.Tests.Servers;

namespace Enclave.Cluster.Tests.Load;

/// <summary>
/// Runs tool calls for the clients, each time it is asked to, and answers at another broker than the one
/// that reported the call. A call is logged before it is answered.
/// </summary>
internal sealed class ToolRunner(Brokers brokers, RecordFile<ToolRecord> log)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    private int _serial;

    public async Task CarryOutAsync(
        PlannedSession session, string call, string nonce, int step, TimeSpan wait, BrokerAddress from, CancellationToken cancellationToken)
    {
        int serial = Interlocked.Increment(ref _serial);
        string token = $"{nonce}:{step}:{serial}";
        log.Add(new ToolRecord(Clock.Now, session.Id, call, nonce, step, token));
        await Task.Delay(wait, cancellationToken);
        // The connection may break after the answer was accepted: then the next attempt reports that.
        await SendAsync(session, "tool-result", JsonSerializer.Serialize(new { callId = call, result = token }), from, serial, cancellationToken);
    }

    public Task CancelAsync(PlannedSession session, BrokerAddress from, CancellationToken cancellationToken) =>
        SendAsync(session, "cancel", """{"reason":"as planned"}""", from, Interlocked.Increment(ref _serial), cancellationToken);

    /// <summary>Tries until a broker accepts the answer, or until it can no longer be accepted.</summary>
    private async Task SendAsync(PlannedSession session, string what, string body, BrokerAddress from, int turn, CancellationToken cancellationToken)
    {
        while (true)
        {
            BrokerAddress to = brokers.Other(from, turn++);
            try
            {
                using HttpResponseMessage answer = await brokers.SendAsync(
                    to, session.Tenant, HttpMethod.Post, $"/sessions/{session.Id}/{what}", body, null, cancellationToken);
                if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict or HttpStatusCode.NotFound) return;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            from = to;
            await Task.Delay(s_pause, cancellationToken);
        }
    }
}
