using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Streaming;

namespace Enclave.Lambda;

/// <summary>Answers requests, one script at a time.</summary>
internal sealed class ScriptFunction(RuntimeWorker runtime, TimeProvider clock)
{
    /// <summary>The part of a request's time that is reserved for ending the script and sending the answer.</summary>
    private static readonly TimeSpan s_reserve = TimeSpan.FromMilliseconds(500);

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>
    /// The answer in Lambda's HTTP format: <c>statusCode</c>, <c>headers</c> and a JSON
    /// <c>body</c>. A failed script also gives an answer, with status 200.
    /// </summary>
    public async Task<string> AnswerAsync(Invocation invocation)
    {
        if (!ScriptEvent.TryRead(invocation.Event, out ScriptEvent? asked, out string problem)) return Refusal(400, "INVALID_REQUEST", problem);
        RuntimeResult result = await runtime.ExecuteSync(asked.SessionId, asked.Code, Within(asked.Limits, invocation.Deadline)).ConfigureAwait(false);
        string answer = Answer(200, result.ToJsonString());
        int bytes = Encoding.UTF8.GetByteCount(answer);
        return bytes <= Invocation.MaxBytes
            ? answer
            : Refusal(413, "PAYLOAD_TOO_LARGE", $"the answer has {bytes} bytes, and Lambda carries {Invocation.MaxBytes}: return less, or print less");
    }

    /// <summary>The same limits, with a deadline that leaves time for the answer.</summary>
    private SessionLimits Within(SessionLimits? limits, DateTimeOffset deadline)
    {
        limits ??= new SessionLimits();
        long left = Math.Max(1, (long)(deadline - clock.GetUtcNow() - s_reserve).TotalMilliseconds);
        return limits with { DeadlineMs = limits.DeadlineMs is > 0 and { } asked ? Math.Min(asked, left) : left };
    }

    private static string Refusal(int status, string code, string message)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, code);
            writer.WriteString("message"u8, message);
            writer.WriteEndObject();
        }

        return Answer(status, Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length));
    }

    private static string Answer(int status, string body)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, s_options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("statusCode"u8, status);
            writer.WriteStartObject("headers"u8);
            writer.WriteString("content-type"u8, "application/json; charset=utf-8");
            writer.WriteEndObject();
            writer.WriteString("body"u8, body);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }
}
