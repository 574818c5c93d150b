namespace Enclave.Outcomes;

/// <summary>The codes of tool failures that the host itself detects: <c>error.code</c> in the script.</summary>
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

    /// <summary>The tool failed, and the script shall not see why.</summary>
    public const string Failed = "TOOL_FAILED";
}
