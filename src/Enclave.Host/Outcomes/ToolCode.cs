namespace Enclave.Outcomes;

/// <summary>The codes of tool failures that are not the tool's own: <c>error.code</c> in the script.</summary>
internal static class ToolCode
{
    /// <summary>No tool has this name.</summary>
    public const string Unknown = "TOOL_UNKNOWN";

    /// <summary>The arguments do not fit the schema of the tool.</summary>
    public const string InvalidArguments = "TOOL_INVALID_ARGUMENTS";

    /// <summary>The arguments are larger than a message may be, or cannot be checked within bounds.</summary>
    public const string ArgumentsTooLarge = "TOOL_ARGUMENTS_TOO_LARGE";

    /// <summary>The tool is not open to the tenant of the run.</summary>
    public const string NotAllowed = "TOOL_NOT_ALLOWED";

    /// <summary>A secret that the tool needs is not there.</summary>
    public const string SecretMissing = "TOOL_SECRET_MISSING";

    /// <summary>The tool was called as often as allowed in one run.</summary>
    public const string MaxCalls = "TOOL_MAX_CALLS";

    /// <summary>The tool was called as often as allowed in its window of time.</summary>
    public const string RateLimited = "TOOL_RATE_LIMITED";

    /// <summary>Too many calls of the tool are under way.</summary>
    public const string Busy = "TOOL_BUSY";

    /// <summary>The tool did not answer in time.</summary>
    public const string Timeout = "TOOL_TIMEOUT";

    /// <summary>The tool changed, or is gone, since the call began to wait for its approval or its turn.</summary>
    public const string Changed = "TOOL_CHANGED";

    /// <summary>The application refused the call.</summary>
    public const string ApprovalDenied = "TOOL_APPROVAL_DENIED";

    /// <summary>The application did not decide in time.</summary>
    public const string ApprovalTimeout = "TOOL_APPROVAL_TIMEOUT";

    /// <summary>Too many runs wait for an approval.</summary>
    public const string ApprovalsFull = "TOOL_APPROVALS_FULL";

    /// <summary>The result is larger than a message may be.</summary>
    public const string ResultTooLarge = "TOOL_RESULT_TOO_LARGE";

    /// <summary>The result is not of the declared type, or has no form that a script can get.</summary>
    public const string ResultInvalid = "TOOL_RESULT_INVALID";

    /// <summary>The sequence policy refuses the call.</summary>
    public const string SequenceBlocked = "TOOL_SEQUENCE_BLOCKED";

    /// <summary>The host ended while the tool was called: it is unknown whether the tool did its work.</summary>
    public const string OutcomeUnknown = "TOOL_OUTCOME_UNKNOWN";

    /// <summary>The call waits for something later, and only a durable run can wait.</summary>
    public const string NotDurable = "TOOL_NOT_DURABLE";

    /// <summary>The values of the conversation, or those of its tenant, have reached their limit.</summary>
    public const string ConversationFull = "CONVERSATION_FULL";

    /// <summary>The run belongs to no conversation, or the store of its values failed.</summary>
    public const string ConversationUnavailable = "CONVERSATION_UNAVAILABLE";

    /// <summary>The tool failed, and the script shall not see why.</summary>
    public const string Failed = "TOOL_FAILED";

    /// <summary>The tool policy failed.</summary>
    public const string PolicyFailed = "TOOL_POLICY_FAILED";

    /// <summary>The tool policy refuses the call.</summary>
    public const string RefusedByPolicy = "TOOL_REFUSED_BY_POLICY";

    /// <summary>The command line knows no tool of this name, or no recorded answer to the call.</summary>
    public const string NotFound = "TOOL_NOT_FOUND";

    /// <summary>The runtime has no handler for tools.</summary>
    public const string NoHandler = "NO_TOOL_HANDLER";

    /// <summary>The recording that is replayed has no answer to the call.</summary>
    public const string NotRecorded = "NOT_RECORDED";

    /// <summary>An earlier call of the session failed, and its first error ends it.</summary>
    public const string SessionCancelled = "SESSION_CANCELLED";

    /// <summary>A service answered from another address.</summary>
    public const string HttpRedirected = "HTTP_REDIRECTED";

    /// <summary>The operator does not allow this request of fetch.</summary>
    public const string FetchRefused = "FETCH_REFUSED";

    /// <summary>A request of fetch had no answer.</summary>
    public const string FetchFailed = "FETCH_FAILED";

    /// <summary>An MCP server reports that its tool failed.</summary>
    public const string McpFailed = "MCP_TOOL_FAILED";

    /// <summary>An MCP server refused the call.</summary>
    public const string McpRefused = "MCP_REFUSED";

    /// <summary>An MCP server has no connection.</summary>
    public const string McpDisconnected = "MCP_DISCONNECTED";

    /// <summary>The run has no such reference.</summary>
    public const string ReferenceNotFound = "REFERENCE_NOT_FOUND";

    /// <summary>The value of a reference is no longer kept.</summary>
    public const string ReferenceExpired = "REFERENCE_EXPIRED";

    /// <summary>The store of references failed.</summary>
    public const string ReferenceStoreFailed = "REFERENCE_STORE_FAILED";

    /// <summary>The run needs more references than it may have.</summary>
    public const string MaxReferenceCount = "MAX_REFERENCE_COUNT";

    /// <summary>A value is too large for a reference.</summary>
    public const string MaxReferenceSize = "MAX_REFERENCE_SIZE";

    /// <summary>The references of the run take too many bytes together.</summary>
    public const string MaxTotalSize = "MAX_TOTAL_SIZE";

    /// <summary>References lie too deep in each other.</summary>
    public const string MaxResolutionDepth = "MAX_RESOLUTION_DEPTH";

    /// <summary>A value with its references put in is too large.</summary>
    public const string MaxResolvedSize = "MAX_RESOLVED_SIZE";
}
