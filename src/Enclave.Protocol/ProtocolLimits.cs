namespace Enclave.Protocol;

/// <content>The limit that only the host has. The limits of both ends are in protocol.txt.</content>
internal static partial class ProtocolLimits
{
    /// <summary>Maximum nesting of a .NET object that becomes a value. Below <see cref="MaxDepth"/>, so that the value fits inside a message.</summary>
    public const int MaxObjectDepth = 100;
}
