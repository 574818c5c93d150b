namespace Enclave;

/// <summary>The console method that wrote a line.</summary>
public enum ConsoleLevel
{
    /// <summary><c>console.log</c></summary>
    Log = 0,

    /// <summary><c>console.info</c></summary>
    Info = 1,

    /// <summary><c>console.warn</c></summary>
    Warn = 2,

    /// <summary><c>console.error</c></summary>
    Error = 3,

    /// <summary><c>console.debug</c></summary>
    Debug = 4,
}
