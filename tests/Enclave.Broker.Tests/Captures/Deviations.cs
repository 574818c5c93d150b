namespace Enclave.Broker.Tests.Captures;

/// <summary>All responses of our broker that differ from the recorded ones.</summary>
internal static class Deviations
{
    private const string Page = "(a page)", Json = "application/json; charset=utf-8", Html = "text/html; charset=utf-8", Stream = "200 application/x-ndjson";
    private const string Applied = "tool_result_applied{callId}";
    private const string Init = """session_init{cancelUrl="/sessions/s_*/cancel",expiresAt,encryption={enabled=false}}""";

    private const string
        JsonEverywhere = "2: errors are JSON on every route",
        Pages = "2: pages of origins that are not allowed are refused outright, as what they send without asking must not count either",
        Codes = "1.3: the documented codes; the tool's own is in errors",
        Limits = "2: the broker's limits hold for clients too",
        Checked = "2: limits of a wrong type or range, and names without s_, are refused";

    private static readonly string[] s_cors = ["origin *, GET, POST, DELETE, OPTIONS, 86400 s", .. Everywhere.Ours];
    private static readonly string[] s_refused = ["code=\"INVALID_REQUEST\"", "message"];
    private static readonly string[] s_progress =
        ["tool_progress{callId,phase=\"connecting\",elapsedMs}", "tool_progress{callId,phase=\"processing\",elapsedMs}"];
    private static readonly string[] s_done = ["success=true", "sessionId=\"s_*\""];

    /// Section 2, in every response to a page: a page may send its token and read the session's name.
    public static (string Recorded, string[] Ours) Everywhere =>
        ("may send Content-Type, Accept, Last-Event-ID", ["may send Content-Type, Accept, Last-Event-ID, Authorization", "may read X-Session-ID"]);

    public static Deviation[] All { get; } =
    [
        new("http-bad-requests", 5, [$"400 {Html}", Page], [$"400 {Json}", .. s_cors, .. s_refused], JsonEverywhere),
        new("http-bad-requests", 6, [$"404 {Html}", Page], ["404"], "2: what is on no path of the broker is the application's own affair"),
        new("http-bad-requests", 7, [$"404 {Html}", Page], [$"405 {Json}", .. s_cors, "code=\"METHOD_NOT_ALLOWED\"", "message"], JsonEverywhere),
        new("http-bad-requests", 8, [$"404 {Html}", Page], [$"404 {Json}", .. s_cors, "code=\"NOT_FOUND\"", "message"], JsonEverywhere),
        new("http-cancel", 2, [$"404 {Html}", Page], [$"200 {Json}", .. s_cors, .. s_done], "2, Cancel: there is such a route"),
        new("http-cancel", 3, ["state=\"running\""], ["state=\"cancelled\""], "2, Cancel: at once"),
        new("http-cancel", 4, ["state=\"completed\""], ["state=\"cancelled\""], "2, Cancel: at once"),
        new("http-cancel-no-reason", 2, [$"404 {Html}", Page], [$"200 {Json}", .. s_cors, .. s_done], "2, Cancel: there is such a route"),
        new("http-catalog", 1, [$"200 {Json}"], [$"200 {Json}", .. s_cors], "2, CORS: on every route"),
        new(
            "http-catalog", 1, ["{name=\"give:bigint\",service=\"default\"}", "services[]", "version=\"empty\""],
            ["{name=\"give:bigint\",service=\"default\"}", "{name=\"who:am\",service=\"default\"}", "services[]", "version"],
            "2, ToolCatalogue: the version is a hash of what is told, of code's own tools too; one tool is of these tests alone"),
        new("http-cors-off", 1, [$"200 {Json}", "sessions[]", "total=0"], [$"403 {Json}", "code=\"FORBIDDEN\"", "message"], Pages),
        new("http-cors-restricted", 2, ["204"], [$"403 {Json}", "vary Origin", "code=\"FORBIDDEN\"", "message"], Pages),
        new("http-cors-restricted", 3, [$"200 {Json}", "sessions[]", "total=0"], [$"403 {Json}", "vary Origin", "code=\"FORBIDDEN\"", "message"], Pages),
        new("http-deadline", 1, [Ok("{slept=2000}", 1)], [Failed("TIMEOUT", 1)], Limits),
        new("http-filter-bad", 1, [$"500 {Json}"], [$"400 {Json}"], "1.7: a filter without rules is the client's mistake"),
        new("http-filter-bad", 1, ["code=\"SESSION_CREATE_ERROR\""], ["code=\"INVALID_REQUEST\""], "1.7: a filter without rules is the client's mistake"),
        new("http-get-session", 3, [Info("running", 0)], [Info("running", 1)], "2, info: the true number of calls in the list too"),
        new("http-get-session", 8, [Info("completed", 0)], [Info("completed", 1)], "2, info: the true number of calls in the list too"),
        new("http-inproc-per-tool-deadline", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 1)], [ToolFailed("TOOL_TIMEOUT")], Codes),
        new("http-inproc-tool-timeout", 1, [Ok("{slept=2000}", 1)], [ToolFailed("TOOL_TIMEOUT")], "1.6: every limit is enforced"),
        new("http-max-sessions", 2, [$"500 {Json}"], [$"503 {Json}"], "2: a full broker is no fault of its own, and says when to come again"),
        new("http-max-sessions", 3, [$"500 {Json}"], [$"503 {Json}"], "2: a full broker is no fault of its own, and says when to come again"),
        new(
            "http-max-sessions",
            7, [$"500 {Json}", "origin *, GET, POST, DELETE, OPTIONS, 86400 s", .. Everywhere.Ours, "code=\"SESSION_CREATE_ERROR\"", "message"],
            [Stream, .. s_cors, Init, Ok("1", 0)], "2, Lifetime: only sessions that run count"),
        new("http-max-sessions-noretry", 2, [$"500 {Json}"], [$"503 {Json}"], "2: a full broker is no fault of its own, and says when to come again"),
        new("http-per-tool-deadline", 1, [Ok("{slept=2000}", 1)], [ToolFailed("TOOL_TIMEOUT")], Limits),
        new("http-protocol-body", 1, [Stream, .. s_cors, Init, Ok("1", 0)], [$"400 {Json}", .. s_cors, .. s_refused], Checked),
        new("http-reconnect", 2, [Init, Call("time:sleep", "ms=1500"), .. s_progress], [], "2, Stream route: from is known, so that nothing comes twice"),
        new("http-result-bigint",
            1, [Ok("\"10\"", 1)], [Ok("10", 1)], "1.2: only a BigInt of the script becomes a text; what a tool gives is JSON, and a number there"),
        new("http-script-console-permissive", 1, [Ok("1", 0)], Printed("hello\\n", 6), "1.3: what a script prints is sent"),
        new("http-script-console-standard",
            1, [Failed("VALIDATION_ERROR", 0)], Printed("hello\\n", 6), "1.3: console is allowed, and what a script prints is sent"),
        new("http-script-iterations", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 0)], [Failed("MAX_ITERATIONS", 0)], Codes),
        new("http-script-syntax", 1, [Failed("ENCLAVE_ERROR", 0)], [Failed("VALIDATION_ERROR", 0)], Codes),
        new("http-script-throws",
            1, [Failed("VALIDATION_ERROR", 0)], [Thrown("RUNTIME_ERROR", 0)], "1.3: scripts have Error, and what they throw is RUNTIME_ERROR"),
        new("http-script-type-error", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 0)], [Thrown("RUNTIME_ERROR", 0)], Codes),
        new("http-session-id",
            3, [Stream, .. s_cors, Init.Replace("s_*", "mine", StringComparison.Ordinal), Ok("3", 0)], [$"400 {Json}", .. s_cors, .. s_refused], Checked),
        new("http-session-id",
            4, [Stream, .. s_cors, Init.Replace("s_*", "mine2", StringComparison.Ordinal), Ok("4", 0)], [$"400 {Json}", .. s_cors, .. s_refused], Checked),
        new("http-session-id", 5, [Stream, .. s_cors, Init, Ok("5", 0)], [$"400 {Json}", .. s_cors, .. s_refused], Checked),
        new("http-stream-replay", 4, [Init, Call("math:add", "a=1,b=2"), s_progress[0]], [], "2, Stream route: from is known, so that nothing comes twice"),
        new("http-tool-bad-args", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 1)], [ToolFailed("TOOL_INVALID_ARGUMENTS")], Codes),
        new("http-tool-error", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 1)], [ToolFailed("BOOM")], Codes),
        new("http-tool-error-caught", 1, [Ok("{caught=\"tool exploded\"}", 1)],
            [Ok("{caught=\"tool exploded\",code=\"BOOM\"}", 1)], "1.3: the tool's own code is not lost, to a catch neither"),
        new(
            "http-tool-rapid", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 31)],
            [.. Enumerable.Range(31, 9).SelectMany((i) => (string[])[Call("math:add", $"a={i},b=1"), .. s_progress, Applied]), Ok("40", 40)],
            "1.6: the number of calls is limited, not their likeness"),
        new("http-tool-secret-missing", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 1)], [ToolFailed("TOOL_SECRET_MISSING")], Codes),
        new("http-tool-timeout", 1, [Ok("{slept=1000}", 1)], [ToolFailed("TOOL_TIMEOUT")], Limits),
        new("http-tool-too-many", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 2)], [Failed("MAX_TOOL_CALLS", 2)], Codes),
        new("http-tool-unknown", 1, [Failed("DOUBLE_VM_EXECUTION_ERROR", 1)], [ToolFailed("TOOL_UNKNOWN")], Codes),
        new("http-ttl-exceeded", 1, [Ok("{slept=400}", 1)], [Failed("TIMEOUT", 1)], "1.6: on TTL the session ends with TIMEOUT"),
    ];

    private static string Stats(int calls, int printed = 0) => $"stats={{durationMs,toolCallCount={calls},stdoutBytes={printed}}}";

    private static string Ok(string result, int calls) => $"final{{ok=true,result={result},{Stats(calls)}}}";

    private static string Failed(string code, int calls) => $"final{{ok=false,error={{code=\"{code}\",message}},{Stats(calls)}}}";

    private static string Thrown(string code, int calls) => $"final{{ok=false,error={{code=\"{code}\",message,stack}},{Stats(calls)}}}";

    private static string ToolFailed(string code) =>
        $"final{{ok=false,error={{code=\"TOOL_ERROR\",message,stack}},errors=[{{code=\"{code}\",message}}],{Stats(1)}}}";

    private static string Call(string tool, string args) => $"tool_call{{callId,toolName=\"{tool}\",args={{{args}}}}}";

    private static string Info(string state, int calls) =>
        $"{{sessionId=\"s_*\",state=\"{state}\",createdAt,expiresAt,stats={{duration,toolCallCount={calls}}}}}";

    private static string[] Printed(string text, int bytes) => [$"stdout{{chunk=\"{text}\"}}", $"final{{ok=true,result=1,{Stats(0, bytes)}}}"];
}
