namespace Enclave.Models;

/// <summary>A picture, a sound or another file that a script gave the model.</summary>
/// <param name="MediaType">Its type, such as <c>image/png</c>.</param>
/// <param name="Name">Its name; null if the script gave none.</param>
/// <param name="Data">Its bytes.</param>
internal sealed record CodeContent(string MediaType, string? Name, ReadOnlyMemory<byte> Data);
