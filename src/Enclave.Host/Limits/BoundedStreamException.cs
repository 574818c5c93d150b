namespace Enclave.Limits;

/// <summary>More was written than the stream takes.</summary>
public sealed class BoundedStreamException : IOException;
