namespace Enclave.Client.Sessions;

/// <summary>Which failure a session has whose last connection brought no end.</summary>
internal static class Settlement
{
    /// <summary>The failure.</summary>
    /// <param name="origin">The end of the last connection that brought something, or of the first.</param>
    /// <param name="last">The end of the last connection; the same one when none was tried after it.</param>
    /// <param name="opening">What the session began with, for the message: <c>start</c> or <c>resume</c>.</param>
    public static ClientError Of(ConnectionEnd origin, ConnectionEnd last, string opening)
    {
        if (last.Kind == ConnectionEndKind.Unusable) return new ClientError(last.Code!, last.Message);
        if (ReferenceEquals(origin, last)) return OfOne(origin, opening);
        // The broker does not know the session: it never began, or is no more, and the first failure says why.
        if (last.Refusal is { Status: < 500 } && origin.Kind is ConnectionEndKind.Refused or ConnectionEndKind.Unanswered && last.Kind == ConnectionEndKind.Refused) return OfOne(origin, opening);
        if (origin.Kind == ConnectionEndKind.Ended) return new ClientError(ClientErrorCodes.ParseError, $"{origin.Message}, and was not taken up again: {last.Message}");
        return last.Kind switch
        {
            ConnectionEndKind.Refused => new ClientError(ClientErrorCodes.ReconnectFailed, $"Reconnection failed: {last.Refusal!.Status}") { StatusCode = last.Refusal.Status, RetryAfter = last.Refusal.RetryAfter },
            ConnectionEndKind.Silent => new ClientError(ClientErrorCodes.ReconnectFailed, $"Reconnection failed: {last.Message}"),
            _ => OfOne(last, opening),
        };
    }

    private static ClientError OfOne(ConnectionEnd end, string opening) => end.Kind switch
    {
        ConnectionEndKind.Refused => new ClientError(ClientErrorCodes.SessionError, $"Failed to {opening} session: {end.Refusal!.Status} - {end.Refusal.Shown}") { StatusCode = end.Refusal.Status, RetryAfter = end.Refusal.RetryAfter },
        ConnectionEndKind.Ended => new ClientError(ClientErrorCodes.ParseError, end.Message),
        _ => new ClientError(ClientErrorCodes.NetworkError, end.Message),
    };
}
