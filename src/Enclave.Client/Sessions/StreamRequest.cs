namespace Enclave.Client.Sessions;

/// <summary>A request whose response is a stream.</summary>
/// <param name="Method">POST for a new session, GET for an existing one.</param>
/// <param name="Address">The address.</param>
/// <param name="Body">The body; null for GET.</param>
internal sealed record StreamRequest(HttpMethod Method, Uri Address, byte[]? Body);
