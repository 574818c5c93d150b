namespace Enclave.Client.UnitTests;

/// <summary>Every intended difference between our client and upstream's for the same recording. A line that no longer differs fails the test.</summary>
internal static class Deviations
{
    private const string Resume = "also asked GET /sessions/*/stream";
    private const string Delete = "also asked DELETE /sessions/*";
    private const string FourEvents = "[1 session_init, 2 tool_call, 3 tool_progress, 4 tool_progress]";

    private const string Settles = "every session has a result";
    private const string TriesFirst = "a stream without an end is taken up again before it is given up";
    private const string NotAgain = "a refusal of 4xx is not better a second time, and says more than RECONNECT_FAILED";
    private const string MayHaveBegun = "behind a 5xx the session may run: it is looked for once, and a broker that does not know it ends that";
    private const string DeleteInstead = "upstream's broker announces a cancel that it does not have; deleting is what stops the script there";
    private const string Cancelled = "whatever the reason, a cancel is CANCELLED";

    public static IReadOnlyDictionary<string, Deviation[]> All { get; } = new Dictionary<string, Deviation[]>
    {
        ["client-eof-no-final"] =
        [
            new("never settles",
                "PARSE_ERROR The stream ended without a final event, and could not be resumed: the broker answered 404 [1 session_init]", Settles),
            new(null, Resume, TriesFirst),
        ],
        ["client-status-400"] = [Refused(400, """{"code":"INVALID_REQUEST","message":"bad"}"""), NotAsked(), NotAsked(), NotAsked()],
        ["client-status-401"] = [Refused(401, """{"code":"UNAUTHORIZED","message":"no"}"""), NotAsked(), NotAsked(), NotAsked()],
        ["client-status-429"] = [Refused(429, "slow down"), NotAsked(), NotAsked(), NotAsked()],
        ["client-tolerance"] =
        [
            new(
                "ok 1 [1 session_init, 3 stdout, 4 stdout, 6 stdout, 9 stdout, 3 stdout, 14 enc, 15 final]",
                "ok 1 [1 session_init, 3 stdout, 4 stdout, 5 stdout, 6 stdout, 12 tool_call, 13 tool_call, 14 enc, 15 final]",
                "events of another session and repeats are left out; the documents' names of members (5), ids without a prefix (12) and a call without " +
                "arguments (13) are read"),
        ],
        ["http-abort-signal"] =
        [
            new("never settles", $"CANCELLED Session cancelled {FourEvents}", Settles),
            new(null, "also asked POST /sessions/*/cancel", "who gives a session up tells the broker"),
            new(null, Delete, DeleteInstead),
        ],
        ["http-bad-requests"] = [new(null, Delete, DeleteInstead)],
        ["http-cancel"] =
        [
            new($"NETWORK_ERROR Unknown error {FourEvents}", $"CANCELLED no longer needed {FourEvents}", Cancelled),
            new("cancel NotFound", "cancel Cancelled", DeleteInstead),
            new(null, Delete, DeleteInstead),
        ],
        ["http-cancel-no-reason"] =
        [
            new("cancel NotFound", "cancel Cancelled", DeleteInstead),
            new(null, Delete, DeleteInstead),
        ],
        ["http-demo-broker"] =
            [new("ok 7 [2 final]", "ok 7 [1 session_init, 2 final]", "a session_init without cancelUrl, as the demonstration sends it, is read")],
        ["http-disposed"] = [new(null, Resume, MayHaveBegun)],
        ["http-filter-bad"] =
        [
            new("no end []", "PARSE_ERROR The stream ended without a final event, and could not be resumed: the broker answered 404 []", Settles),
            new(null, Resume, MayHaveBegun),
            new(null, Resume, TriesFirst),
        ],
        ["http-max-sessions"] =
        [
            new(
                "RECONNECT_FAILED Reconnection failed: 404 []",
                """SESSION_ERROR Failed to start session: 500 - {"code":"SESSION_CREATE_ERROR","message":"Maximum sessions reached (1). Wait for existing""" +
                """ sessions to complete or increase maxSessions."} []""",
                "that the broker has no session is the consequence; why it has none is the failure"),
        ],
        ["http-reconnect"] =
        [
            new(
                "ok {\"slept\":1500} [1 session_init, 2 tool_call, 3 tool_progress, 4 tool_progress, 1 session_init, 2 tool_call, 3 tool_progress, " +
                "4 tool_progress, 5 tool_result_applied, 6 final]",
                "ok {\"slept\":1500} [1 session_init, 2 tool_call, 3 tool_progress, 4 tool_progress, 5 tool_result_applied, 6 final]",
                "repeats are left out"),
        ],
        ["http-reconnect-refused"] =
        [
            new($"NETWORK_ERROR fetch failed {FourEvents}",
                $"NETWORK_ERROR An error occurred while sending the request. {FourEvents}", "the words are the platform's"),
            // Upstream's requests reached nobody; here they arrive and are cut.
            new(null, Resume, "it tries as often as upstream's"),
            new(null, Resume, "it tries as often as upstream's"),
            new(null, Resume, "it tries as often as upstream's"),
        ],
        ["http-stream-replay"] =
        [
            new("no end []", "PARSE_ERROR The stream ended without a final event, and could not be resumed: the broker answered 404 []", Settles),
            new(null, Resume, TriesFirst),
        ],
    };

    private static Deviation Refused(int status, string body) =>
        new($"RECONNECT_FAILED Reconnection failed: {status} []", $"SESSION_ERROR Failed to start session: {status} - {body} []", NotAgain);

    private static Deviation NotAsked() => new(Resume, null, NotAgain);
}
