namespace Enclave.Lambda;

/// <summary>Takes one request after the other until Lambda ends the process.</summary>
internal static class InvocationLoop
{
    /// <exception cref="RuntimeApiException">There is no more talking to Lambda.</exception>
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
#pragma warning disable CA1031 // Whatever it was, the one who waits is told, and the next one is served.
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
