using System.Text.Json;

namespace Enclave.Tools;

/// <summary>A result that is written with other settings than the host's.</summary>
/// <param name="Value">The result.</param>
/// <param name="Settings">Its settings.</param>
internal sealed record SerializedResult(object Value, JsonSerializerOptions Settings);
