using Enclave.Engine;

namespace Enclave.Tests;

/// <summary>Both checks of the engine's files. The host makes them at different times.</summary>
internal static class SealCheck
{
    public static string? Check(this EngineSeal seal) => seal.FindWriters() ?? seal.FindChange();
}
