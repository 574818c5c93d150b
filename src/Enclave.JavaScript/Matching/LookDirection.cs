namespace Enclave.JavaScript.Matching;

/// <summary>The side of a position that a lookaround is about.</summary>
internal enum LookDirection
{
    Ahead,
    Behind,
}
