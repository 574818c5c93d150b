namespace Enclave.Client.Sessions;

/// <summary>The request that a stream answers.</summary>
/// <param name="Method">POST for a new session, GET for one that is.</param>
/// <param name="Address">Where.</param>
/// <param name="Body">What is posted; null for GET.</param>
internal sealed record StreamRequest(HttpMethod Method, Uri Address, byte[]? Body);
