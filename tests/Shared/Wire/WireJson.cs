namespace Enclave.Tests;

/// <summary>Builds events as they are sent.</summary>
internal static class WireJson
{
    public static string Event(string type, string payload, string session = "s_1", string seq = "1") =>
        $"{{\"protocolVersion\":2,\"sessionId\":\"{session}\",\"seq\":{seq},\"type\":\"{type}\",\"payload\":{payload}}}";
}
