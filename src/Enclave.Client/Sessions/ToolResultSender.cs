using System.Text.Json;
using Enclave.Client.Http;

namespace Enclave.Client.Sessions;

/// <summary>Sends the results of tool calls to the broker.</summary>
internal sealed class ToolResultSender(BrokerConnection broker, EnclaveClientOptions options)
{
    public Task AnswerAsync(string session, string callId, JsonElement value, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        if (value.ValueKind == JsonValueKind.Undefined) throw new ArgumentException("the answer must be a JSON value; JSON null is allowed", nameof(value));
        return SendAsync(session, RequestBodies.ToolResult(callId, value), cancellation);
    }

    public Task FailAsync(string session, string callId, string message, string? code, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync(session, RequestBodies.ToolFailure(callId, message, code), cancellation);
    }

    private async Task SendAsync(string session, byte[] body, CancellationToken cancellation)
    {
        BrokerResponse answer =
            await broker.AskAsync(HttpMethod.Post, broker.Routes.ToolResult(session), body, options.Timeout, cancellation).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw new EnclaveClientException(ClientErrorCodes.SessionError, $"Failed to answer the tool call: {answer.Status} - {answer.Shown}", answer.Status);
    }
}
