using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Health;

/// <summary>Requests an address once: status 200 means healthy.</summary>
internal sealed class HealthCheck(Terminal terminal)
{
    /// <summary>More than any health response of Enclave.</summary>
    private const int MaxBytes = 16 << 10;

    public async Task<int> RunAsync(Uri address, TimeSpan timeout, HealthForm form, CancellationToken signal)
    {
        (int? status, string text, string? wrong) = await AskAsync(address, timeout, signal).ConfigureAwait(false);
        if (form == HealthForm.Json)
        {
            var line = new JsonObject
            {
                ["address"] = address.ToString(),
                ["well"] = wrong is null,
                ["status"] = status,
                ["answer"] = Answer(text),
                ["message"] = wrong,
            };
            terminal.Output.WriteJson(line.ToJsonString());
        }
        else if (wrong is null)
        {
            terminal.Output.WriteLine(text);
        }
        else
        {
            terminal.Fail(wrong);
        }

        return wrong is null ? ExitCode.Success : ExitCode.Unhealthy;
    }

    /// <summary>The status and text of the response, and the fault; null for none.</summary>
    private static async Task<(int? Status, string Text, string? Wrong)> AskAsync(Uri address, TimeSpan timeout, CancellationToken signal)
    {
        // Neither proxies nor redirects: the address itself is to be checked.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = MaxBytes };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address, signal).ConfigureAwait(false);
            string text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(signal).ConfigureAwait(false)).Trim();
            int status = (int)answer.StatusCode;
            return (status, text, answer.StatusCode == HttpStatusCode.OK ? null : $"{address} answers {status}{(text.Length > 0 ? $": {text}" : "")}");
        }
        catch (HttpRequestException fault)
        {
            return (null, "", $"{address} does not answer: {fault.Message}");
        }
        catch (OperationCanceledException) when (!signal.IsCancellationRequested)
        {
            return (null, "", $"{address} does not answer within {timeout.TotalMilliseconds:0} ms");
        }
    }

    /// <summary>JSON unchanged, other text as a string, an empty text as null.</summary>
    private static JsonNode? Answer(string text)
    {
        if (text.Length == 0) return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
