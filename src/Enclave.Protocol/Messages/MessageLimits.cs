namespace Enclave.Protocol.Messages;

/// <summary>Limits of texts in messages, in bytes of UTF-8. The limit of the whole frame applies first.</summary>
public static class MessageLimits
{
    /// <summary>The nonce of a hello; exactly this many.</summary>
    public const int NonceBytes = 16;

    internal const int VersionBytes = 100;
    internal const int Capabilities = 32;

    /// <summary>Tool names: 256 characters, the limit documented for scripts.</summary>
    internal const int ToolNameBytes = 768;

    internal const int ErrorNameBytes = 400;
    internal const int ErrorMessageBytes = 40_000;
    internal const int ErrorCodeBytes = 400;
    internal const int StackBytes = 50_000;
    internal const int SourceNameBytes = 1024;

    /// <summary>Libraries of a host.</summary>
    public const int Libraries = 16;

    /// <summary>The name of a library.</summary>
    public const int LibraryNameBytes = 64;

    /// <summary>Source text of one library.</summary>
    public const int LibrarySourceBytes = 2 << 20;

    /// <summary>The most distant deadline: 30 days.</summary>
    internal const long RemainingMicroseconds = 30L * 24 * 3600 * 1_000_000;
}
