namespace Enclave.OpenApi;

/// <summary>A member of a multipart form, as the document describes it.</summary>
/// <param name="MediaType">Its media type; null if the document names none.</param>
/// <param name="IsFile">True for the content of a file.</param>
internal readonly record struct PartPlan(string? MediaType, bool IsFile);
