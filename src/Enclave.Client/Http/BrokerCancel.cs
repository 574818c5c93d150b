namespace Enclave.Client.Http;

/// <summary>Cancels a session at the broker.</summary>
internal static class BrokerCancel
{
    public static async Task<CancelOutcome> SendAsync(
        BrokerConnection broker, EnclaveClientOptions options, string session, string? reason, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.CancelTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            BrokerResponse answer = await broker.AskAsync(
                HttpMethod.Post, broker.Routes.Cancel(session), RequestBodies.Cancel(reason), Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(false);
            // Upstream's brokers announce this route but do not have it; there a session is ended by deleting it.
            if (answer.Status is 404 or 405 or 501) answer =
                await broker.AskAsync(HttpMethod.Delete, broker.Routes.Session(session), null, Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(false);
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
