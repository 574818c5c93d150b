namespace Enclave.Protocol.Messages;

/// <summary>Limits of texts in messages, in bytes of UTF-8. The limit of the whole frame applies first.</summary>
internal static class MessageLimits
{
    public const int NonceBytes = 16;
    public const int VersionBytes = 100;
    public const int Capabilities = 32;

    /// <summary>Tool names: 256 characters, the limit documented for scripts.</summary>
    public const int ToolNameBytes = 768;

    public const int ErrorNameBytes = 400;
    public const int ErrorMessageBytes = 40_000;
    public const int ErrorCodeBytes = 400;
    public const int StackBytes = 50_000;
    public const int SourceNameBytes = 1024;

    /// <summary>Libraries of a host.</summary>
    public const int Libraries = 16;

    public const int LibraryNameBytes = 64;

    /// <summary>Source text of one library.</summary>
    public const int LibrarySourceBytes = 2 << 20;

    /// <summary>The most distant deadline: 30 days.</summary>
    public const long RemainingMicroseconds = 30L * 24 * 3600 * 1_000_000;
}
