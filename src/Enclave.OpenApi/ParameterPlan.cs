namespace Enclave.OpenApi;

/// <summary>A parameter of an operation.</summary>
/// <param name="Argument">The member of the tool's arguments that has its value.</param>
/// <param name="Name">Its name in the request.</param>
/// <param name="Location">Its location in the request.</param>
/// <param name="Style">How lists and objects are written.</param>
/// <param name="Explodes">True if each of their members is sent separately.</param>
internal sealed record ParameterPlan(string Argument, string Name, ParameterLocation Location, ParameterStyle Style, bool Explodes);
