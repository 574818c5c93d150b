using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>A function declaration in a block of sloppy code, which may be a variable of the function around it too (Annex B.3.2).</summary>
internal sealed record BlockFunction(Identifier Name, int NameIndex, Scope Scope);
