namespace Enclave.Client.Sessions;

/// <summary>Chooses the error of a session that has no last event.</summary>
internal static class SessionFailure
{
    /// <summary>Returns the error.</summary>
    /// <param name="origin">The end of the last connection that brought an event, or of the first connection.</param>
    /// <param name="last">The end of the last connection; the same as <paramref name="origin"/> if there was no other.</param>
    /// <param name="opening">The first action of the session, for the message: <c>start</c> or <c>resume</c>.</param>
    public static ClientError Of(ConnectionEnd origin, ConnectionEnd last, string opening)
    {
        if (last.Kind == ConnectionEndKind.Unusable) return new ClientError(last.Code!, last.Message);
        if (ReferenceEquals(origin, last)) return OfOne(origin, opening);
        // The broker does not know the session: it never began, or was removed. The first failure says why.
        if (last.Refusal is { Status: < 500 } && origin.Kind is ConnectionEndKind.Refused or ConnectionEndKind.Unanswered
            && last.Kind == ConnectionEndKind.Refused) return OfOne(origin, opening);
        if (origin.Kind == ConnectionEndKind.Ended)
            return new ClientError(ClientErrorCodes.ParseError, $"{origin.Message}, and could not be resumed: {last.Message}");
        return last.Kind switch
        {
            ConnectionEndKind.Refused => new ClientError(ClientErrorCodes.ReconnectFailed, $"Reconnection failed: {last.Refusal!.Status}")
            {
                StatusCode = last.Refusal.Status,
                RetryAfter = last.Refusal.RetryAfter,
            },
            ConnectionEndKind.Silent => new ClientError(ClientErrorCodes.ReconnectFailed, $"Reconnection failed: {last.Message}"),
            _ => OfOne(last, opening),
        };
    }

    private static ClientError OfOne(ConnectionEnd end, string opening) => end.Kind switch
    {
        ConnectionEndKind.Refused => new ClientError(ClientErrorCodes.SessionError, $"Failed to {opening} session: {end.Refusal!.Status} - {end.Refusal.Shown}")
        {
            StatusCode = end.Refusal.Status,
            RetryAfter = end.Refusal.RetryAfter,
        },
        ConnectionEndKind.Ended => new ClientError(ClientErrorCodes.ParseError, end.Message),
        _ => new ClientError(ClientErrorCodes.NetworkError, end.Message),
    };
}
