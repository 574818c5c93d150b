namespace Enclave.Protocol.Messages;

/// <summary>Caps on the texts in messages, in bytes of UTF-8. A frame's own limit comes first.</summary>
internal static class MessageLimits
{
    public const int NonceBytes = 16;
    public const int VersionBytes = 100;
    public const int Capabilities = 32;

    /// <summary>Tool names: 256 characters, as the script is told.</summary>
    public const int ToolNameBytes = 768;

    public const int ErrorNameBytes = 400;
    public const int ErrorMessageBytes = 40_000;
    public const int ErrorCodeBytes = 400;
    public const int StackBytes = 50_000;
    public const int SourceNameBytes = 1024;

    /// <summary>Programs that a host has evaluated in each worker.</summary>
    public const int Libraries = 16;

    public const int LibraryNameBytes = 64;

    /// <summary>The text of one of them.</summary>
    public const int LibrarySourceBytes = 2 << 20;

    /// <summary>The furthest that a deadline may lie ahead: 30 days.</summary>
    public const long RemainingMicroseconds = 30L * 24 * 3600 * 1_000_000;
}
