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
}
