using System.Net;
using System.Text;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Health;

/// <summary>Asks an address once: 200 is well, everything else is not.</summary>
internal sealed class HealthCheck(Terminal terminal)
{
    /// <summary>Longer than any health of ours; whoever sends more is something else.</summary>
    private const int MaxBytes = 16 << 10;

    public async Task<int> RunAsync(Uri address, TimeSpan timeout, CancellationToken signal)
    {
        // What is asked is the address itself, not what stands in front of it or where it points to.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = MaxBytes };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address, signal).ConfigureAwait(false);
            string text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(signal).ConfigureAwait(false)).Trim();
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                terminal.Output.WriteLine(text);
                return ExitCode.Success;
            }

            terminal.Fail($"{address} answers {(int)answer.StatusCode}{(text.Length > 0 ? $": {text}" : "")}");
        }
        catch (HttpRequestException fault)
        {
            terminal.Fail($"{address} does not answer: {fault.Message}");
        }
        catch (OperationCanceledException) when (!signal.IsCancellationRequested)
        {
            terminal.Fail($"{address} does not answer within {timeout.TotalMilliseconds:0} ms");
        }

        return ExitCode.NotWell;
    }
}
