namespace Enclave.Protocol;

/// <summary>The version that both sides speak. Host and worker are shipped together, so there is one, and any other is refused.</summary>
internal static class ProtocolVersion
{
    public const byte Current = 2;
}
