namespace Enclave.Limits;

/// <summary>More was written than the stream's limit.</summary>
public sealed class BoundedStreamException : IOException;
