namespace Enclave.Outcomes;

/// <summary>The codes of tool failures that the host itself finds: <c>error.code</c> in the script.</summary>
internal static class ToolCode
{
    public const string Unknown = "TOOL_UNKNOWN";
    public const string InvalidArguments = "TOOL_INVALID_ARGUMENTS";
    public const string ArgumentsTooLarge = "TOOL_ARGUMENTS_TOO_LARGE";
    public const string NotAllowed = "TOOL_NOT_ALLOWED";
    public const string SecretMissing = "TOOL_SECRET_MISSING";
    public const string MaxCalls = "TOOL_MAX_CALLS";
    public const string RateLimited = "TOOL_RATE_LIMITED";
    public const string Busy = "TOOL_BUSY";
    public const string Timeout = "TOOL_TIMEOUT";
    public const string ApprovalDenied = "TOOL_APPROVAL_DENIED";
    public const string ApprovalTimeout = "TOOL_APPROVAL_TIMEOUT";
    public const string ApprovalsFull = "TOOL_APPROVALS_FULL";
    public const string ResultTooLarge = "TOOL_RESULT_TOO_LARGE";
    public const string ResultInvalid = "TOOL_RESULT_INVALID";
    public const string SequenceBlocked = "TOOL_SEQUENCE_BLOCKED";
    public const string Failed = "TOOL_FAILED";
}
