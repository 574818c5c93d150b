using System.Globalization;
using System.Text.Json;
using Enclave.Mcp.Transports;
using Enclave.Models;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// Present clients set the level of the log. Revisions from 2026-07-28 on cannot, so the library warns.
#pragma warning disable MCP9005

namespace Enclave.Mcp.Servers;

/// <summary>The client whose script runs. It gets reports of progress and requests for approval.</summary>
internal sealed class ServedClient(McpServer server, ProgressToken? progress, CodeServerOptions options) : ICodeObserver
{
    private const string CannotAsk =
        "it needs a person's approval, and this client cannot ask one: take a client with elicitation, or let the server's operator change --approval";

    private int _steps;

    /// <summary>Until when a later request may answer its questions; null where they are put within the call.</summary>
    public DateTimeOffset? LaterUntil { get; init; }

    /// <summary>Reports a tool call if the client asked for progress.</summary>
    public ValueTask OnToolCallAsync(string name, CancellationToken cancellationToken) => StepAsync(name, cancellationToken);

    /// <summary>Reports a tool's own progress: its steps count like calls, because the protocol wants a number that only grows.</summary>
    public ValueTask OnToolProgressAsync(string name, string? message, double? fraction, CancellationToken cancellationToken)
    {
        string percent = fraction is { } part ? string.Create(CultureInfo.InvariantCulture, $" ({part:0 %})") : "";
        return StepAsync(message is null ? $"{name}{percent}" : $"{name}: {message}{percent}", cancellationToken);
    }

    /// <summary>Reports a line of the console if the client set a level of the log.</summary>
    public async ValueTask OnConsoleAsync(ConsoleLevel level, string text, CancellationToken cancellationToken)
    {
        if (Level(level) is var severity && (server.LoggingLevel is not { } least || severity < least)) return;
        JsonElement data = JsonSerializer.SerializeToElement(Fitting(text), McpContracts.Of<string>());
        var said = new LoggingMessageNotificationParams { Level = severity, Logger = "console", Data = data };
        await server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, said, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the person behind the client to approve a call.</summary>
    public async ValueTask<ToolApproval> AskAsync(ToolApprovalRequest request)
    {
        if (LaterUntil is null && options.AnswersFrom is not null)
            return ToolApproval.Denied($"{CannotAsk}, or this server cannot keep the script meanwhile");
        if (LaterUntil is null && server.ClientCapabilities?.Elicitation is null) return ToolApproval.Denied(CannotAsk);
        if (request.ShownArguments is not { } arguments)
            return ToolApproval.Denied("its arguments have too many or too long names to show them all to a person: pass less in one call");
        if (LaterUntil is { } until) return ToolApproval.LaterUntil(until);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken);
        time.CancelAfter(options.ApprovalTimeout);
        ElicitResult answer = await server.ElicitAsync(ApprovalQuestion.Of(request.Tool.Name, arguments), time.Token).ConfigureAwait(false);
        return ApprovalQuestion.IsAllowed(answer) ? ToolApproval.Approved : ToolApproval.Denied(ApprovalQuestion.Declined);
    }

    private async ValueTask StepAsync(string text, CancellationToken cancellationToken)
    {
        if (progress is not { } asked) return;
        var step = new ProgressNotificationValue { Progress = ++_steps, Message = Fitting(text) };
        await server.NotifyProgressAsync(asked, step, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The text, or its beginning: clients show these to models too, so none is longer than an answer.</summary>
    private string Fitting(string text) => ValueCut.Text(CodeAnswer.WellFormed(text), AnswerLimits.RoomOfOne(options.MaxResultTokens));

    private static LoggingLevel Level(ConsoleLevel level) => level switch
    {
        ConsoleLevel.Debug => LoggingLevel.Debug,
        ConsoleLevel.Warn => LoggingLevel.Warning,
        ConsoleLevel.Error => LoggingLevel.Error,
        _ => LoggingLevel.Info,
    };
}
