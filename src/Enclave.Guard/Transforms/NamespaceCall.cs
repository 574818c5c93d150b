using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>A tool call through a namespace.</summary>
/// <param name="Tool">The name of the called tool.</param>
/// <param name="Place">Its place in the user's text.</param>
internal sealed record NamespaceCall(string Tool, Node Place);
