namespace Enclave.Protocol;

/// <summary>The version of both sides. Host and worker are shipped together, so every other version is refused.</summary>
internal static class ProtocolVersion
{
    public const byte Current = 2;
}
