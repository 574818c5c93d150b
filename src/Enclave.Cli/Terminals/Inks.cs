namespace Enclave.Cli.Terminals;

/// <summary>The terminal codes of colours.</summary>
internal static class Inks
{
    public const string Off = "\e[0m";

    public static string On(Ink ink) => ink switch
    {
        Ink.Error => "\e[31m",
        Ink.Warning => "\e[33m",
        Ink.Good => "\e[32m",
        Ink.Faint => "\e[2m",
        Ink.Key => "\e[34m",
        Ink.Text => "\e[32m",
        Ink.Number => "\e[36m",
        Ink.Literal => "\e[35m",
        _ => "",
    };
}
