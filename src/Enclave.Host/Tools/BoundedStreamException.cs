namespace Enclave.Tools;

/// <summary>More was written than the stream takes.</summary>
internal sealed class BoundedStreamException : IOException;
