using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>A call through a namespace.</summary>
/// <param name="Tool">The name of the tool that it calls.</param>
/// <param name="Place">Where it stands in the user's text.</param>
public sealed record NamespaceCall(string Tool, Node Place);
