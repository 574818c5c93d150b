namespace Enclave.Cli.Terminals;

/// <summary>Colours by their meaning.</summary>
internal enum Ink
{
    Plain,
    Error,
    Warning,
    Good,
    Faint,
    Key,
    Text,
    Number,
    Literal,
}
