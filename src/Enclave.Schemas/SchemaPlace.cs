using System.Text.Json;

namespace Enclave.Schemas;

/// <summary>A schema in its document.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Outer">The address that its own <c>$id</c> is relative to.</param>
internal readonly record struct SchemaPlace(JsonElement Schema, string Outer);
