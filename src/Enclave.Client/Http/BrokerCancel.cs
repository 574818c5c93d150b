namespace Enclave.Client.Http;

/// <summary>Tells the broker that a session is not wanted any more.</summary>
internal static class BrokerCancel
{
    public static async Task<CancelOutcome> SendAsync(BrokerConnection broker, EnclaveClientOptions options, string session, string? reason, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.CancelTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            Answer answer = await broker.AskAsync(HttpMethod.Post, broker.Routes.Cancel(session), RequestBodies.Cancel(reason), Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(false);
            // Upstream's brokers announce the address and have no such route; there, a session ends when it is deleted.
            if (answer.Status is 404 or 405 or 501) answer = await broker.AskAsync(HttpMethod.Delete, broker.Routes.Session(session), null, Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(false);
            return answer.IsSuccess ? CancelOutcome.Cancelled : answer.Status == 404 ? CancelOutcome.NotFound : CancelOutcome.Unconfirmed;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return CancelOutcome.Unconfirmed;
        }
        catch (EnclaveClientException)
        {
            return CancelOutcome.Unconfirmed;
        }
    }
}
