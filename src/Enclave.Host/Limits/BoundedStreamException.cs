namespace Enclave.Limits;

/// <summary>More was written than the stream's limit.</summary>
internal sealed class BoundedStreamException : IOException;
