namespace Enclave.Linux;

/// <summary>Recognizes that the process has no descriptor, thread or memory left for a moment.</summary>
internal static class Scarcity
{
    /// <summary>True for what .NET throws then. If code cannot be loaded for lack of a descriptor, the exception names a missing file or type.</summary>
    public static bool IsCauseOf(Exception fault) => fault is OutOfMemoryException or IOException or TypeLoadException or BadImageFormatException
        || (fault is TypeInitializationException { InnerException: { } inner } && IsCauseOf(inner));
}
