namespace Enclave.Lambda;

/// <summary>Serves one request after the other until Lambda ends the process.</summary>
internal static class InvocationLoop
{
    /// <exception cref="RuntimeApiException">The connection to Lambda failed for good.</exception>
    public static async Task RunAsync(RuntimeApi api, ScriptFunction function, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Invocation invocation = await api.NextAsync(stop).ConfigureAwait(false);
            string answer;
            try
            {
                answer = await function.AnswerAsync(invocation).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Any failure is reported to the caller, and the next request is served.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                await api.FailAsync(invocation, fault.GetType().Name, fault.Message).ConfigureAwait(false);
                continue;
            }

            await api.AnswerAsync(invocation, answer).ConfigureAwait(false);
        }
    }
}
