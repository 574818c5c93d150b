using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Broker.Json;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Broker.Sessions;

/// <summary>A client's answer of a tool call: <c>{ callId, result }</c> or <c>{ callId, error }</c>.</summary>
internal sealed class ToolAnswer
{
    private readonly JsonElement? _result;
    private readonly JsonElement? _error;

    private ToolAnswer(string call, JsonElement? result, JsonElement? error, ReadOnlyMemory<byte> body) =>
        (Call, _result, _error, Body) = (call, result, error, body);

    /// <summary>The id of the call.</summary>
    public string Call { get; }

    /// <summary>The JSON text that it was read from.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The error if the call is not waiting for it.</summary>
    public BrokerError NotWaiting => BrokerError.NotWaiting(Call.Length > 100 ? Call[..100] : Call);

    /// <summary>Reads an answer. Returns null and a refusal if the body does not have the form of an answer.</summary>
    public static ToolAnswer? Read(ReadOnlyMemory<byte> body, out BrokerError? refusal) => Read(body, "callId", out refusal);

    /// <summary>As above, with the name of the member that has the call's id.</summary>
    public static ToolAnswer? Read(ReadOnlyMemory<byte> body, string member, out BrokerError? refusal)
    {
        try
        {
            // The result is data and may hold invalid Unicode; everything else must be readable text.
            JsonElement given = JsonElement.Parse(body.Span), answer = given.IsReadable() ? given : JsonElement.Parse(ReadableJson.Readable(body).Span);
            refusal = null;
            if (answer.Text(member) is { } call)
                return new ToolAnswer(call, Member(given.HasReadableNames() ? given : answer, "result"), Member(answer, "error"), body);
            refusal = BrokerError.Invalid($"Missing or invalid \"{member}\" field");
            return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            refusal = BrokerError.Invalid("the body is not valid JSON");
            return null;
        }
    }

    /// <summary>Reads an answer and passes it to the session. Returns null if it was accepted.</summary>
    public static BrokerError? Give(BrokerSession session, ReadOnlyMemory<byte> body) =>
        Read(body, out BrokerError? refusal) is { } answer ? answer.Give(session) : refusal;

    /// <summary>The value or failure for the script: a <see cref="ScriptValue"/>, or a <see cref="ToolException"/>.</summary>
    public object Outcome
    {
        get
        {
            if (Failure is { } failure) return new ToolException(failure.Message) { Code = failure.Code };
            try
            {
                return _result is { } value ? ScriptValue.From(value) : ScriptValue.Undefined;
            }
            catch (ArgumentException wrong)
            {
                // The call fails: otherwise it would wait until its timeout.
                return new ToolException($"the client's answer cannot be passed to a script: {wrong.Message}") { Code = ToolCode.ResultInvalid };
            }
        }
    }

    private (string Message, string? Code)? Failure => _error is { ValueKind: not JsonValueKind.Null } error
        ? (error.Text("message") ?? (error.ValueKind == JsonValueKind.String ? error.GetString()! : "the client's tool failed"), error.Text("code"))
        : null;

    /// <summary>Passes the answer to the session. Returns null if it was accepted.</summary>
    public BrokerError? Give(BrokerSession session) => session.Calls?.TrySettle(Call, () => Outcome) == true ? null : NotWaiting;

    private static JsonElement? Member(JsonElement answer, string name) => answer.TryGetProperty(name, out JsonElement member) ? member : null;
}
