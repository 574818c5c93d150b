using System.Globalization;

namespace Enclave.Client.UnitTests;

/// <summary>Lines of a stream, as upstream's broker writes them.</summary>
internal static class Wire
{
    public static string Event(string session, long seq, string type, string payload) =>
        string.Create(CultureInfo.InvariantCulture,
            $$$"""{"protocolVersion":2,"sessionId":"{{{session}}}","seq":{{{seq}}},"type":"{{{type}}}","payload":{{{payload}}}}""");

    public static string Init(string session, long seq = 1) =>
        Event(session,
            seq, "session_init", $$$"""{"cancelUrl":"/sessions/{{{session}}}/cancel","expiresAt":"2026-11-20T07:12:12.350Z","encryption":{"enabled":false}}""");

    public static string Stdout(string session, long seq, string chunk) => Event(session, seq, "stdout", $$$"""{"chunk":"{{{chunk}}}"}""");

    public static string Heartbeat(string session, long seq) => Event(session, seq, "heartbeat", """{"ts":"2026-11-20T07:12:12.350Z"}""");

    public static string ToolCall(string session, long seq, string callId) =>
        Event(session, seq, "tool_call", $$$"""{"callId":"{{{callId}}}","toolName":"t","args":{}}""");

    public static string Final(string session, long seq, string result = "7") =>
        Event(session, seq, "final", $$$"""{"ok":true,"result":{{{result}}},"stats":{"durationMs":3,"toolCallCount":0,"stdoutBytes":0}}""");

    public static string Failure(string session, long seq, string code) =>
        Event(session, seq, "final", $$$"""{"ok":false,"error":{"message":"it failed","code":"{{{code}}}","stack":"at 1:1"}}""");
}
