namespace Enclave.Protocol.Messages;

/// <summary>Limits of texts from a worker, in bytes of UTF-8. The limit of the whole frame applies first.</summary>
internal static class MessageLimits
{
    internal const int VersionBytes = 100;
    internal const int Capabilities = 32;

    /// <summary>Tool names. A unit of UTF-16 takes at most three bytes.</summary>
    internal const int ToolNameBytes = ProtocolLimits.ToolNameLength * 3;

    internal const int ErrorNameBytes = 400;
    internal const int ErrorMessageBytes = 40_000;
    internal const int ErrorCodeBytes = 400;
    internal const int StackBytes = 50_000;

    /// <summary>Causes of an error, errors of an <c>AggregateError</c>, and the bytes of each one's line.</summary>
    internal const int ErrorCauses = 5;
    internal const int ErrorErrors = 10;
    internal const int ErrorLineBytes = 4000;
}
