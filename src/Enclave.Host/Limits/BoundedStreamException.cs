namespace Enclave.Limits;

/// <summary>More was written than the stream takes.</summary>
internal sealed class BoundedStreamException : IOException;
